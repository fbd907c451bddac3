//! Stocks that meet conditions.

use super::common::*;

/// Whether all conditions must hold.
const MATCH: &[(&str, &str)] = &[("all", "AND"), ("any", "OR"), ("none", "NOT")];

rows! {
    /// Filed under `market:supplemental`, while its text names `analytics:information`.
    SCREENER = endpoint(PostRead, "/v1/stock/screener", &[SUPPLEMENTAL, ANALYTICS], &[
        optional("match", "operator", Choice(MATCH)).or("all").in_body(),
        required("conditions", "clauses", Conditions).in_body(),
        optional("sort", "order_column", Text(40)),
        optional("order", "order_direction", Choice(&[("desc", "desc"), ("asc", "asc")])),
        optional("primary_only", "primary_only", Flag),
    ]).limit("page_size", 500);
}
