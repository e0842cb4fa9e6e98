//! What is typed and picked on the way to an invitation: carried from page to page, kept when something is
//! wrong.

use crate::accounts::looks_shared;
use crate::connections::View;
use crate::phrases::staff as words;
use crate::web::{Errors, Form};
use std::collections::HashSet;
use tasuki_base::text;
use tasuki_law::nouns::AccountId;

/// The address fields, by name.
pub const FIELDS: [&str; 10] = [
    "email_1", "email_2", "email_3", "email_4", "email_5", "email_6", "email_7", "email_8", "email_9",
    "email_10",
];
/// How many of them a fresh form shows.
const SHOWN: usize = 5;

/// Which way of inviting is in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Known(View),
    Mail,
}

/// Everything chosen so far.
#[derive(Clone, Debug)]
pub struct Draft {
    pub people: Vec<AccountId>,
    /// One a field, empty where nothing was typed.
    pub emails: Vec<String>,
    pub way: Way,
    pub typed: String,
    pub errors: Errors,
}

/// An address field as the page shows it.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub error: String,
}

/// An address on the confirmation page.
#[derive(Clone, Debug)]
pub struct Address {
    pub email: String,
    /// Looks like a box that several people read.
    pub shared: bool,
}

impl Draft {
    #[must_use]
    pub fn empty(way: Way) -> Self {
        let emails = vec![String::new(); SHOWN];
        Self { people: Vec::new(), emails, way, typed: String::new(), errors: Errors::none() }
    }

    /// Reads what was sent: `person` ids, address fields, `view`, `q`; `drop` takes one out again, `more` shows
    /// every address field.
    #[must_use]
    pub fn read(form: &Form) -> Self {
        let dropped = form.code("drop");
        let mut people: Vec<AccountId> = Vec::new();
        for id in form.codes("person").filter(|id| *id != dropped).filter_map(|id| id.parse().ok()) {
            if !people.contains(&id) {
                people.push(id);
            }
        }
        let typed: Vec<Vec<String>> = FIELDS.iter().map(|name| form.emails(name)).collect();
        let (mut emails, many) = spread(typed);
        emails.iter_mut().filter(|email| *email == dropped).for_each(String::clear);
        let filled = emails.iter().rposition(|email| !email.is_empty()).map_or(0, |last| last + 1);
        if !form.has("more") {
            emails.truncate(filled.max(SHOWN));
        }
        let way = match form.code("view") {
            "mail" => Way::Mail,
            _ if form.has("more") => Way::Mail,
            view => Way::Known(view.parse().unwrap_or(View::Own)),
        };
        let mut errors = Errors::none();
        errors.unless(!many, FIELDS[FIELDS.len() - 1], words::EMAILS_MANY);
        Self { people, emails, way, typed: form.line("q"), errors }
    }

    /// Judges the addresses, and that anybody is invited at all.
    pub fn check(&mut self, own_address: &str) {
        let mut seen = HashSet::new();
        for (name, email) in FIELDS.into_iter().zip(&self.emails).filter(|(_, email)| !email.is_empty()) {
            if !text::looks_like_email(email) {
                self.errors.add(name, words::EMAIL_SHAPE);
            } else if text::email_key(email) == own_address {
                self.errors.add(name, words::EMAIL_OWN);
            } else if !seen.insert(text::email_key(email)) {
                self.errors.add(name, words::EMAIL_TWICE);
            }
        }
        if self.errors.is_empty() && seen.is_empty() && self.people.is_empty() {
            match self.way {
                Way::Mail => self.errors.add(FIELDS[0], words::NOBODY_TYPED),
                Way::Known(_) => self.errors.add("", words::NOBODY_PICKED),
            }
        }
        self.show_mistakes();
    }

    /// Brings the addresses to the front where one of them is wrong.
    pub fn show_mistakes(&mut self) {
        if self.errors.iter().any(|mistake| !mistake.field.is_empty()) {
            self.way = Way::Mail;
        }
    }

    /// How many are invited.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len() + self.emails.iter().filter(|email| !email.is_empty()).count()
    }

    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let fields = FIELDS.into_iter().zip(&self.emails).enumerate();
        let field = |(number, (name, email)): (usize, (&'static str, &String))| Field {
            name,
            label: words::address(number + 1),
            value: email.clone(),
            error: self.errors.of(name).to_owned(),
        };
        fields.map(field).collect()
    }

    /// Whether there are more fields to show.
    #[must_use]
    pub fn may_grow(&self) -> bool {
        self.emails.len() < FIELDS.len()
    }

    /// The addresses typed, in order.
    #[must_use]
    pub fn addresses(&self) -> Vec<Address> {
        let typed = self.emails.iter().filter(|email| !email.is_empty());
        typed.map(|email| Address { email: email.clone(), shared: looks_shared(email) }).collect()
    }
}

/// One address a field, where several were pasted into one; whether there were more than there are fields.
fn spread(typed: Vec<Vec<String>>) -> (Vec<String>, bool) {
    let fields = typed.len();
    let mut emails: Vec<String> = if typed.iter().any(|one| one.len() > 1) {
        typed.into_iter().flatten().collect()
    } else {
        typed.into_iter().map(|one| one.into_iter().next().unwrap_or_default()).collect()
    };
    let many = emails.len() > fields;
    emails.resize(fields, String::new());
    (emails, many)
}
