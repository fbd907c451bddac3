//! A JSON value that is read lazily: one level at a time, with the digits of numbers kept as written, so that money
//! never becomes a float. It forgives where Aries differs from its documentation: names match whatever their case and
//! underscores, numbers may be strings, members may be missing, null or empty.

mod ambiguity;
mod envelope;
mod object;

use std::borrow::Cow;
use std::fmt;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

pub(crate) use crate::text::is_alike;
pub(super) use ambiguity::Ambiguity;
pub(crate) use envelope::Found;
pub(crate) use object::Object;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Json<'a> {
    raw: &'a RawValue,
    /// Takes down the first ambiguity that is met, where the answer decides about money.
    ambiguity: Option<&'a Ambiguity>,
}

impl<'a> Json<'a> {
    /// Checks the whole text and wraps it. The parser's error quotes nothing of the text.
    pub(crate) fn parse(text: &'a str) -> serde_json::Result<Self> {
        Ok(Self { raw: serde_json::from_str(text)?, ambiguity: None })
    }

    /// The same value; whatever is read of it notes ambiguities there.
    pub(super) fn noting(self, ambiguity: &'a Ambiguity) -> Self {
        Self { ambiguity: Some(ambiguity), ..self }
    }

    fn part(self, raw: &'a RawValue) -> Self {
        Self { raw, ..self }
    }

    /// A member by path (`results/lastQuote/bid`); `None` if it is missing or null. The empty path is the value itself.
    pub(crate) fn get(self, path: &str) -> Option<Json<'a>> {
        self.at(path).filter(|value| !value.is_null())
    }

    /// The same, where a member that is there counts even if it is null.
    fn at(self, path: &str) -> Option<Json<'a>> {
        path.split('/').filter(|name| !name.is_empty()).try_fold(self, Self::member)
    }

    /// Whether a member is there, null or not, in one of the places that commas separate.
    pub(crate) fn has(self, paths: &str) -> bool {
        paths.split(',').any(|path| self.at(path).is_some())
    }

    fn member(self, name: &str) -> Option<Json<'a>> {
        object::member(&self.members(), name, self.ambiguity)
    }

    /// The same object with its members read once, for one in which much is looked up.
    pub(crate) fn opened(self) -> Object<'a> {
        Object::of(self)
    }

    /// The members of an object in the order written; empty for anything else.
    pub(crate) fn members(self) -> Vec<(Cow<'a, str>, Json<'a>)> {
        let members = serde_json::from_str::<Members<'a>>(self.raw.get()).map(|members| members.0);
        members.unwrap_or_default().into_iter().map(|(name, raw)| (name, self.part(raw))).collect()
    }

    /// The elements of an array; empty for anything else.
    pub(crate) fn items(self) -> Vec<Json<'a>> {
        let items = serde_json::from_str::<Vec<&'a RawValue>>(self.raw.get()).unwrap_or_default();
        items.into_iter().map(|raw| self.part(raw)).collect()
    }

    pub(crate) fn is_array(self) -> bool {
        self.raw.get().starts_with('[')
    }

    pub(crate) fn is_null(self) -> bool {
        self.raw.get() == "null"
    }

    pub(crate) fn is_object(self) -> bool {
        self.raw.get().starts_with('{')
    }

    /// A string without its quotes, or a number or boolean as written; `None` for an empty string and for objects
    /// and arrays.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let raw = self.raw.get();
        let text = match raw.as_bytes().first()? {
            b'"' => serde_json::from_str::<Text<'a>>(raw).ok()?.0,
            b'{' | b'[' | b'n' => return None,
            _ => Cow::Borrowed(raw),
        };
        (!text.is_empty()).then_some(text)
    }

    /// A number, also when it was sent as a string; `None` for one with more digits than a decimal holds.
    pub(crate) fn decimal(self) -> Option<Decimal> {
        let text = self.text()?;
        Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
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
        self.raw.get()
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

struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

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
                while let Some((key, value)) = map.next_entry::<Text<'a>, &'a RawValue>()? {
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

    #[test]
    fn names_match_whatever_their_case_and_underscores() {
        let read = |text: &str| Json::parse(text).unwrap().text_at("tradingAccountId").map(Cow::into_owned);
        for name in ["tradingAccountId", "trading_account_id", "TradingAccountID", "TRADINGACCOUNTID"] {
            assert_eq!(read(&format!(r#"{{"x":1,"{name}":"7"}}"#)).as_deref(), Some("7"), "{name}");
        }
        let spelled = r#"{"trading_account_id":"1","tradingAccountId":"2","TRADINGACCOUNTID":"3"}"#;
        assert_eq!(read(spelled).as_deref(), Some("2"));
        assert_eq!(read(r#"{"trading_account_id":"1","TradingAccountID":"2"}"#).as_deref(), Some("1"));
        assert_eq!(read(r#"{"tradingAccountId":null,"trading_account_id":"1"}"#).as_deref(), Some("1"));
        assert_eq!(read(r#"{"tradingAccount":"1"}"#), None);
    }

    #[test]
    fn numbers_are_read_exactly_or_not() {
        let read = |text: &str| Some(Json::parse(text).unwrap().decimal()?.normalize().to_string());
        for (text, number) in [(r#""1.5E+3""#, "1500"), ("1.25e-7", "0.000000125"), (r#""-0.10""#, "-0.1")] {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
        for text in ["0.12345678901234567890123456789012345", r#""1,000""#, r#""1 000""#, "1e400", r#""NaN""#]
        {
            assert_eq!(read(text), None, "{text}");
        }
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
