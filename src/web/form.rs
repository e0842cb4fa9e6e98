//! What people typed: read once, kept as typed, cleaned by kind of field.

use crate::{House, Trouble};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use std::str::FromStr;
use tasuki_base::text;

/// The fields of a form, in the order in which the browser sent them.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

/// A form carries words, not files; files come in parts.
const MOST: usize = 512 * 1024;
/// The largest form ticks off a whole facility's staff.
const FIELDS: usize = 2_000;

/// What a field of each kind is read to, in letters as a reader counts them; a room's own limit is lower, and
/// says so beside the field. [`text::cut`] holds the bytes.
const LINE: usize = 200;
const PROSE: usize = 20_000;
/// In bytes: a code, an id, a token; an address within the house; a mail address; a password.
const CODE: usize = 128;
const PATH: usize = 1_000;
const EMAIL: usize = 1_000;
const SECRET: usize = 1_025;

/// The fields that hold a password: they are kept nowhere.
const SECRETS: [&str; 2] = ["password", "old"];

impl FromRequest<House> for Form {
    type Rejection = Trouble;

    async fn from_request(request: Request, house: &House) -> Result<Self, Trouble> {
        let bytes = Bytes::from_request(request, house).await.map_err(|_| Trouble::Malformed)?;
        if bytes.len() > MOST {
            return Err(Trouble::Malformed);
        }
        let pairs: Vec<_> = serde_urlencoded::from_bytes(&bytes).map_err(|_| Trouble::Malformed)?;
        if pairs.len() > FIELDS { Err(Trouble::Malformed) } else { Ok(Self(pairs)) }
    }
}

/// There is no way to a field but through its kind: each has a limit in letters and in bytes.
impl Form {
    /// The fields of a query string; what cannot be read is an empty form.
    #[must_use]
    pub fn of_query(query: &str) -> Self {
        Self(serde_urlencoded::from_str(query).unwrap_or_default())
    }

    /// The fields of a form that brought files along.
    #[must_use]
    pub const fn of_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Exactly as sent: for passwords. What is longer than anybody's stays longer.
    #[must_use]
    pub fn secret(&self, name: &str) -> &str {
        debug_assert!(Self::is_secret(name), "{name} is to be among the secrets");
        let typed = self.raw(name);
        &typed[..typed.floor_char_boundary(SECRET)]
    }

    /// Whether a field of this name holds a password.
    #[must_use]
    pub fn is_secret(name: &str) -> bool {
        SECRETS.contains(&name)
    }

    /// One line: marks joined, trimmed, without control characters.
    #[must_use]
    pub fn line(&self, name: &str) -> String {
        line(self.raw(name))
    }

    /// Every value of a line that may be sent several times; so many at most. The room judges them together, so one may
    /// have as many letters as all: what is too much is said there, never left out here.
    pub fn lines<'a>(&'a self, name: &'a str, most: usize) -> impl Iterator<Item = String> {
        self.all(name).take(most).map(move |typed| text::line(text::cut(typed, LINE * most)))
    }

    /// A part of a person's name.
    #[must_use]
    pub fn name(&self, name: &str) -> String {
        text::name(text::cut(self.raw(name), LINE))
    }

    /// The reading of a part of a person's name, in hiragana.
    #[must_use]
    pub fn reading(&self, name: &str) -> String {
        text::name(&text::kana(text::cut(self.raw(name), LINE)))
    }

    /// A mail address, as it is written to.
    #[must_use]
    pub fn email(&self, name: &str) -> String {
        let typed = self.raw(name);
        text::email(&typed[..typed.floor_char_boundary(EMAIL)])
    }

    /// The mail addresses in a field into which one may have pasted several, or one with its name: 「花 <a@b.jp>」. What
    /// holds none stays what was typed.
    #[must_use]
    pub fn emails(&self, name: &str) -> Vec<String> {
        let typed = self.raw(name);
        let typed = &typed[..typed.floor_char_boundary(EMAIL * 10)];
        let parts: Vec<&str> = typed.split(stands_between).filter(|part| !part.is_empty()).collect();
        let is_address = |part: &&str| part.contains(['@', '\u{ff20}']);
        let with_names = typed.contains(['<', '\u{ff1c}']);
        if parts.len() > 1 && (with_names || parts.iter().all(is_address)) {
            return parts.into_iter().filter(is_address).map(bare).collect();
        }
        let one = bare(&typed[..typed.floor_char_boundary(EMAIL)]);
        if one.is_empty() { Vec::new() } else { vec![one] }
    }

    /// Several lines: marks joined, line ends as `\n`, no other control characters.
    #[must_use]
    pub fn prose(&self, name: &str) -> String {
        text::prose(text::cut(self.raw(name), PROSE))
    }

    /// A code, an id or a token as sent; what is too long to be one is none.
    #[must_use]
    pub fn code(&self, name: &str) -> &str {
        within(self.raw(name), CODE)
    }

    /// Every value of a code that may be sent several times.
    pub fn codes<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name).map(|value| within(value, CODE))
    }

    /// An address within the house, as sent; what is too long to be one is none.
    #[must_use]
    pub fn path(&self, name: &str) -> &str {
        within(self.raw(name), PATH)
    }

    /// Whether a box was ticked or a button of this name pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.raw(name).is_empty()
    }

    /// A code of a closed list, or an id.
    #[must_use]
    pub fn pick<T: FromStr>(&self, name: &str) -> Option<T> {
        self.code(name).trim().parse().ok()
    }
}

/// What people put between two addresses.
fn stands_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '\u{3001}' | '\u{ff0c}' | '\u{ff1b}')
}

/// An address without the brackets and quotes that lists set around it.
fn bare(address: &str) -> String {
    const AROUND: [char; 7] = ['<', '>', '\u{ff1c}', '\u{ff1e}', '"', '\u{300c}', '\u{300d}'];
    text::email(address.trim().trim_matches(AROUND))
}

fn line(typed: &str) -> String {
    text::line(text::cut(typed, LINE))
}

fn within(typed: &str, most: usize) -> &str {
    if typed.len() > most { "" } else { typed }
}
