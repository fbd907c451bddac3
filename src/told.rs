//! Words for whoever reads them: the model that called a tool, or the person at a terminal or a page. What only a person can
//! do is told to a model as something to pass on.

use std::borrow::Cow;
use std::fmt;

/// Who reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    Model,
    Person,
}

/// A text in both forms; most texts have one form for both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    model: Cow<'static, str>,
    person: Cow<'static, str>,
}

impl Told {
    /// What the model reads, and what the person reads.
    pub(crate) const fn pair(model: &'static str, person: &'static str) -> Self {
        Self { model: Cow::Borrowed(model), person: Cow::Borrowed(person) }
    }

    /// The same, where what the model reads is made at run time.
    pub(crate) fn for_model(model: String, person: impl Into<Cow<'static, str>>) -> Self {
        Self { model: Cow::Owned(model), person: person.into() }
    }

    /// A step that the person takes.
    pub(crate) fn person_to(step: impl fmt::Display) -> Self {
        Self::passed_on("tell the person to ", step)
    }

    /// A fact that the person should know.
    pub(crate) fn person_that(fact: impl fmt::Display) -> Self {
        Self::passed_on("tell the person that ", fact)
    }

    /// Words for the person.
    pub(crate) fn person(words: impl fmt::Display) -> Self {
        Self::passed_on("tell the person: ", words)
    }

    /// Something that the person can do.
    pub(crate) fn person_can(step: impl fmt::Display) -> Self {
        Self::pair("tell the person; they can ", "you can ").and(step.to_string())
    }

    fn passed_on(lead: &'static str, words: impl fmt::Display) -> Self {
        Self::pair(lead, "").and(words.to_string())
    }

    /// The same with more behind it.
    #[must_use]
    pub(crate) fn and(self, more: impl Into<Self>) -> Self {
        let more = more.into();
        Self { model: self.model + more.model, person: self.person + more.person }
    }

    pub(crate) fn to(&self, reader: Reader) -> &str {
        match reader {
            Reader::Model => &self.model,
            Reader::Person => &self.person,
        }
    }
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self { model: Cow::Owned(text.clone()), person: Cow::Owned(text) }
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// As the model reads it.
impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_not_told_to_tell_the_person() {
        let told = Told::from("trying again may help; if not, ").and(Told::person_to("check the network"));
        assert_eq!(
            told.to(Reader::Model),
            "trying again may help; if not, tell the person to check the network"
        );
        assert_eq!(told.to(Reader::Person), "trying again may help; if not, check the network");
        assert_eq!(Told::person_can("look there").to(Reader::Person), "you can look there");
        // What Aries said is not ours, and stays as it is.
        let quoted = Told::from("Aries: \"tell the person\"");
        assert_eq!(quoted.to(Reader::Person), "Aries: \"tell the person\"");
    }
}
