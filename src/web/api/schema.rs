//! The small pieces that the API's answers are made of, and how the document describes them.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use tasuki_law::nouns;
use tasuki_value::Ts;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// Any of the id types, as the document describes it.
pub struct Id;

impl PartialSchema for Id {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[0-7][0-9a-hjkmnp-tv-z]{25}$"))
            .description(Some("An id: 26 letters of Crockford's base32, which sort as they were made."))
            .examples(["01kb8v3q5c2k4m6p8r0t2w4y6z"])
            .into()
    }
}

impl ToSchema for Id {}

/// A moment, to the microsecond.
#[derive(Clone, Copy, Debug)]
pub struct Time(pub Ts);

impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A moment in UTC (RFC 3339), to the microsecond."))
            .examples(["2026-11-20T00:00:00Z"])
            .into()
    }
}

impl ToSchema for Time {}

impl From<Ts> for Time {
    fn from(at: Ts) -> Self {
        Self(at)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match Timestamp::from_microsecond(self.0.0) {
            Ok(at) => out.collect_str(&at),
            Err(_) => out.serialize_none(),
        }
    }
}

macro_rules! lists {
    ($($name:ident)+) => {$(
        /// The codes of a closed list, each with its word, as the document describes them.
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                codes(nouns::$name::ALL.iter().map(|value| (value.code(), value.word())))
            }
        }

        impl ToSchema for $name {}
    )+};
}

lists! {
    AccountKind
    CareLevel
    ConsentMethod
    ConsentState
    FacilityType
    FileKind
    GroupKind
    InvitationKind
    InvitationState
    Profession
    Relationship
    RemovalKind
    Sex
    Side
    Signer
}

fn codes(list: impl Iterator<Item = (&'static str, &'static str)>) -> RefOr<Schema> {
    let list: Vec<_> = list.collect();
    let words: Vec<_> = list.iter().map(|(code, word)| format!("`{code}` {word}")).collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(list.iter().map(|(code, _)| *code)))
        .description(Some(words.join(", ")))
        .into()
}

#[cfg(test)]
mod tests {
    use super::{Time, Ts};

    #[test]
    fn moments_are_written_in_utc() {
        let written = |at| serde_json::to_string(&Time(Ts(at))).unwrap();
        assert_eq!(written(1_795_132_800_000_000), "\"2026-11-20T00:00:00Z\"");
        assert_eq!(written(1_795_132_800_250_000), "\"2026-11-20T00:00:00.25Z\"");
    }
}
