//! `get_profile`: the signed-in person.

use super::*;

pub(in crate::tools) static GET_PROFILE: Tool = Tool {
    name: "get_profile",
    title: "Get the profile",
    description: "The signed-in person: masked e-mail and phone, country, bank link, state of the account application.",
    toolset: Toolset::Account,
    default: false,
    example: "{}",
    work: Work::Views(Views {
        arguments: &[],
        views: &[view("profile", "the person's profile", &endpoints::PROFILE)
            .example("{}")
            .one(&[
                col("e-mail", "email", Masked),
                col("verified", "email_verified", Flag),
                col("phone", "primary_phone_number", Masked),
                col("country", "country", Word),
                col("bank link", "plaid_status", Word),
                col("application", "account_application/status", Word),
                col("can submit", "account_application/can_submit", Flag),
                col("missing", "account_application/missing_fields", List),
                col("since", "created_at", Stamp),
                more("user id", "id", Word),
                more("changed", "updated_at", Stamp),
            ])
            .units("times New York")],
    }),
    ..Tool::READER
};
