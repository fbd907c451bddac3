//! A JSON value that is read lazily: one level at a time, with the digits of numbers kept as written, so that money
//! never becomes a float. It forgives what Aries' documentation leaves open: numbers may be strings, fields may be
//! missing, null or empty.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(crate) struct Json<'a>(#[serde(borrow)] &'a RawValue);

impl<'a> Json<'a> {
    /// Checks the whole text and wraps it. The parser's error quotes nothing of the text.
    pub(crate) fn parse(text: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// A member by path (`results/lastQuote/bid`); `None` if it is missing or null. The empty path is the value itself.
    pub(crate) fn get(self, path: &str) -> Option<Json<'a>> {
        let mut here = self;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            here = here.members().into_iter().rev().find(|(key, _)| key == name)?.1;
        }
        (here.0.get() != "null").then_some(here)
    }

    /// The members of an object in the order written; empty for anything else.
    pub(crate) fn members(self) -> Vec<(Cow<'a, str>, Json<'a>)> {
        serde_json::from_str::<Members<'a>>(self.0.get()).map(|members| members.0).unwrap_or_default()
    }

    /// The elements of an array; empty for anything else.
    pub(crate) fn items(self) -> Vec<Json<'a>> {
        serde_json::from_str(self.0.get()).unwrap_or_default()
    }

    pub(crate) fn is_array(self) -> bool {
        self.0.get().starts_with('[')
    }

    pub(crate) fn is_object(self) -> bool {
        self.0.get().starts_with('{')
    }

    /// A string without its quotes, or a number or boolean as written; `None` for an empty string and for objects
    /// and arrays.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let raw = self.0.get();
        let text = match raw.as_bytes().first()? {
            b'"' => serde_json::from_str::<Text<'a>>(raw).ok()?.0,
            b'{' | b'[' | b'n' => return None,
            _ => Cow::Borrowed(raw),
        };
        (!text.is_empty()).then_some(text)
    }

    /// A number, also when it was sent as a string.
    pub(crate) fn decimal(self) -> Option<Decimal> {
        let text = self.text()?;
        Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
    }

    /// A whole number, also when it was sent as a string.
    pub(crate) fn integer(self) -> Option<i64> {
        let text = self.text()?;
        text.parse().ok().or_else(|| self.decimal().filter(Decimal::is_integer)?.try_into().ok())
    }

    /// A boolean, also when it was sent as a string.
    pub(crate) fn boolean(self) -> Option<bool> {
        self.text()?.to_lowercase().parse().ok()
    }

    /// The value as Aries wrote it, quotes and brackets included.
    pub(crate) fn raw(self) -> &'a str {
        self.0.get()
    }

    /// The first of two members that says something: Aries' newer and older lists name the same field differently.
    pub(crate) fn either(self, names: [&str; 2]) -> Option<Json<'a>> {
        names.into_iter().find_map(|name| self.get(name).filter(|value| value.text().is_some()))
    }

    pub(crate) fn text_at(self, path: &str) -> Option<Cow<'a, str>> {
        self.get(path)?.text()
    }

    pub(crate) fn decimal_at(self, path: &str) -> Option<Decimal> {
        self.get(path)?.decimal()
    }
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

struct Members<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Walk<'a> {
            type Value = Members<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'a>, M::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<Text<'a>, Json<'a>>()? {
                    members.push((key.0, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Walk(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_keep_their_digits() {
        let json =
            Json::parse(r#"{"a":270.10,"b":"0.1000","c":1767401938487914800,"d":1e-7,"e":null,"f":""}"#)
                .unwrap();
        assert_eq!(json.text_at("a").unwrap(), "270.10");
        assert_eq!(json.decimal_at("a").unwrap().to_string(), "270.10");
        assert_eq!(json.decimal_at("b").unwrap().to_string(), "0.1000");
        assert_eq!(json.get("c").unwrap().integer(), Some(1_767_401_938_487_914_800));
        assert_eq!(json.decimal_at("d").unwrap().to_string(), "0.0000001");
        assert!(json.get("e").is_none());
        assert!(json.text_at("f").is_none());
    }

    #[test]
    fn paths_go_into_objects() {
        let json = Json::parse(r#"{"a":{"b":[{"c":"x\ny"}]}}"#).unwrap();
        assert_eq!(json.get("a/b").unwrap().items()[0].text_at("c").unwrap(), "x\ny");
        assert!(json.get("a/x/c").is_none());
        assert!(json.get("a/b/c").is_none());
    }

    proptest! {
        #[test]
        fn any_decimal_survives(mantissa in -9_999_999_999_999_999i64.., scale in 0u32..10) {
            let number = Decimal::new(mantissa, scale);
            for text in [format!("{{\"n\":{number}}}"), format!("{{\"n\":\"{number}\"}}")] {
                prop_assert_eq!(Json::parse(&text).unwrap().decimal_at("n"), Some(number));
            }
        }
    }
}
