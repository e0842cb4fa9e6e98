//! How a consent looks in one word.

use crate::phrases::patients as words;
use jiff::civil::Date;
use tasuki_base::text;
use tasuki_law::nouns::{ConsentMethod, ConsentState};
use tasuki_value::Ts;

/// Words and the tone they are drawn in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub words: String,
    pub tone: &'static str,
}

/// What is known of the consent that counts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Glance {
    pub method: Option<ConsentMethod>,
    pub given_on: Option<Date>,
    pub withdrawn_at: Option<Ts>,
}

impl Glance {
    #[must_use]
    pub const fn state(&self) -> ConsentState {
        match (self.method, self.withdrawn_at) {
            (None, _) => ConsentState::Missing,
            (Some(_), None) => ConsentState::Valid,
            (Some(_), Some(_)) => ConsentState::Withdrawn,
        }
    }

    /// Given by word: the paper is still to come.
    #[must_use]
    pub fn awaits_paper(&self) -> bool {
        self.state() == ConsentState::Valid && self.method.is_some_and(|method| !method.is_written())
    }

    #[must_use]
    pub fn chip(&self) -> Chip {
        match (self.state(), self.withdrawn_at) {
            (ConsentState::Missing, _) => Chip { words: words::CONSENT_NONE.to_owned(), tone: "err" },
            (_, Some(at)) => Chip { words: words::consent_withdrawn(text::local_date(at)), tone: "off" },
            _ => {
                let words = words::consent_given(!self.awaits_paper(), self.given_on);
                Chip { words, tone: if self.awaits_paper() { "warn" } else { "ok" } }
            }
        }
    }

    /// By which word the list of patients is narrowed.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.state() {
            ConsentState::Valid if self.awaits_paper() => "oral",
            state => state.code(),
        }
    }
}

/// The words by which the list of patients is narrowed.
pub const STATES: [(&str, &str); 4] = [
    ("valid", words::CONSENT_VALID),
    ("oral", words::CONSENT_ORAL),
    ("none", words::CONSENT_NONE),
    ("withdrawn", words::CONSENT_WITHDRAWN),
];
