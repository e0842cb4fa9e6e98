/// Declares a closed list: each value with the code that is stored and the Japanese word that is shown.
///
/// ```
/// tasuki_value::words! {
///     /// Which of two.
///     pub Side {
///         Professional = "professional", "医療・介護側";
///         Patient = "patient", "患者・家族側";
///     }
/// }
/// assert_eq!(Side::Patient.code(), "patient");
/// assert_eq!("professional".parse(), Ok(Side::Professional));
/// assert_eq!(Side::Patient.word(), "患者・家族側");
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $vis:vis $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $word:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order in which a list shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// What is stored and sent.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What people read.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = &'static str;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($code => Ok(Self::$variant),)+ _ => Err("not in the list") }
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.word())
            }
        }
        impl $crate::Bind for $name {
            fn value(&self) -> $crate::Value<'_> {
                $crate::Value::Text(self.code())
            }
        }
        impl $crate::Col for $name {
            fn from_value(value: $crate::Value<'_>) -> Option<Self> {
                match value { $crate::Value::Text(text) => text.parse().ok(), _ => None }
            }
        }
        impl $crate::reexport::serde::Serialize for $name {
            fn serialize<S: $crate::reexport::serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.code())
            }
        }
        impl<'de> $crate::reexport::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::reexport::serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as $crate::reexport::serde::Deserialize>::deserialize(input)?;
                text.parse().map_err($crate::reexport::serde::de::Error::custom)
            }
        }
    };
}
