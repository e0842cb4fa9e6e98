//! What was typed into the form of a consent, and what it amounts to.

use super::Details;
use crate::patients::fits;
use crate::phrases::consents as words;
use crate::web::{Errors, Form};
use jiff::civil::Date;
use tasuki_base::text;
use tasuki_law::nouns::{ConsentMethod, Relationship, Signer};

/// The fields as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub method: String,
    pub given_on: String,
    pub given_at: String,
    pub signer: String,
    pub signer_name: String,
    pub relationship: String,
    pub relationship_words: String,
    pub explainer_name: String,
    pub explainer_facility: String,
    pub explainer_phone: String,
    pub heard_by: String,
    pub witness: String,
    pub means: String,
    /// A scan that is in already, while the rest is still being mended.
    pub scan: String,
}

const NAME: usize = 50;
const LINE: usize = 100;

impl Typed {
    #[must_use]
    pub fn read(form: &Form) -> Self {
        Self {
            method: form.line("method"),
            given_on: form.line("given_on"),
            given_at: form.line("given_at"),
            signer: form.line("signer"),
            signer_name: form.name("signer_name"),
            relationship: form.line("relationship"),
            relationship_words: form.line("relationship_words"),
            explainer_name: form.name("explainer_name"),
            explainer_facility: form.line("explainer_facility"),
            explainer_phone: form.line("explainer_phone"),
            heard_by: form.name("heard_by"),
            witness: form.name("witness"),
            means: form.line("means"),
            scan: form.line("scan"),
        }
    }

    /// What was left out of the day, the explainer and the listener, as the form begins.
    #[must_use]
    pub fn or(mut self, begun: Self) -> Self {
        for (typed, begun) in [
            (&mut self.given_on, begun.given_on),
            (&mut self.explainer_name, begun.explainer_name),
            (&mut self.explainer_facility, begun.explainer_facility),
            (&mut self.explainer_phone, begun.explainer_phone),
            (&mut self.heard_by, begun.heard_by),
        ] {
            if typed.is_empty() {
                *typed = begun;
            }
        }
        self
    }

    /// What it amounts to, or a sentence at each field that is wrong. `patient` signs for themselves.
    pub fn check(&self, today: Date, patient: &str) -> Result<(ConsentMethod, Details), Errors> {
        let mut errors = Errors::none();
        let method = self.method.parse::<ConsentMethod>().ok();
        if method.is_none() {
            errors.add("method", words::METHOD);
        }
        let day = self.day(&mut errors, today);
        let signer = self.signer.parse::<Signer>().ok();
        let relationship = self.checked_signer(&mut errors, signer);
        self.check_explainer(&mut errors);
        if let Some(method) = method.filter(|method| !method.is_written()) {
            self.check_spoken(&mut errors, method);
        }
        self.check_lengths(&mut errors);
        match (method, signer, day) {
            (Some(method), Some(signer), Some(day)) if errors.is_empty() => {
                Ok((method, self.details(method, signer, day, relationship, patient)))
            }
            _ => Err(errors),
        }
    }

    fn day(&self, errors: &mut Errors, today: Date) -> Option<Date> {
        let day = text::date(&self.given_on);
        match day {
            None => errors.add("given_on", words::DAY),
            Some(day) if day > today => errors.add("given_on", words::DAY_TO_COME),
            Some(_) => {}
        }
        day
    }

    fn checked_signer(&self, errors: &mut Errors, signer: Option<Signer>) -> Option<Relationship> {
        let relationship = self.relationship.parse::<Relationship>().ok();
        match signer {
            None => errors.add("signer", words::SIGNER),
            Some(Signer::Patient) => return None,
            Some(_) => {
                errors.require("signer_name", &self.signer_name, words::SIGNER_NAME);
                if relationship.is_none() {
                    errors.add("relationship", words::RELATIONSHIP);
                }
                if relationship == Some(Relationship::Other) {
                    errors.require("relationship_words", &self.relationship_words, words::RELATIONSHIP_WORDS);
                }
            }
        }
        relationship
    }

    fn check_explainer(&self, errors: &mut Errors) {
        errors.require("explainer_name", &self.explainer_name, words::EXPLAINER);
        errors.require("explainer_facility", &self.explainer_facility, words::EXPLAINER_FACILITY);
        if text::phone_groups(&self.explainer_phone).is_none() {
            errors.add("explainer_phone", words::EXPLAINER_PHONE);
        }
    }

    fn check_spoken(&self, errors: &mut Errors, method: ConsentMethod) {
        errors.require("given_at", &self.given_at, words::TIME);
        errors.require("heard_by", &self.heard_by, words::HEARD_BY);
        errors.require("witness", &self.witness, words::WITNESS);
        if method == ConsentMethod::Other {
            errors.require("means", &self.means, words::MEANS);
        }
    }

    fn check_lengths(&self, errors: &mut Errors) {
        let texts: &[(&'static str, &str, usize)] = &[
            ("given_at", &self.given_at, NAME),
            ("signer_name", &self.signer_name, NAME),
            ("relationship_words", &self.relationship_words, NAME),
            ("explainer_name", &self.explainer_name, NAME),
            ("explainer_facility", &self.explainer_facility, LINE),
            ("heard_by", &self.heard_by, NAME),
            ("witness", &self.witness, NAME),
            ("means", &self.means, LINE),
        ];
        for (field, typed, most) in texts {
            fits(errors, field, typed, *most);
        }
    }

    fn details(
        &self,
        method: ConsentMethod,
        signer: Signer,
        day: Date,
        relationship: Option<Relationship>,
        patient: &str,
    ) -> Details {
        let own = signer == Signer::Patient;
        // What belongs to the other way of consenting may have been typed and left standing.
        let spoken = |text: &str| if method.is_written() { String::new() } else { text.to_owned() };
        let other = relationship == Some(Relationship::Other);
        Details {
            given_on: day.to_string(),
            given_at: spoken(&self.given_at),
            signer,
            signer_name: if own { patient.to_owned() } else { self.signer_name.clone() },
            relationship,
            relationship_words: if other { self.relationship_words.clone() } else { String::new() },
            explainer_name: self.explainer_name.clone(),
            explainer_facility: self.explainer_facility.clone(),
            explainer_phone: text::phone_groups(&self.explainer_phone).unwrap_or_default(),
            heard_by: spoken(&self.heard_by),
            witness: spoken(&self.witness),
            means: if method == ConsentMethod::Other { self.means.clone() } else { String::new() },
        }
    }
}
