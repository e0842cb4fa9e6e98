//! What is wrong with a form: a sentence for each field, in the order of the page.

/// The mistakes of one form. Empty means: nothing is wrong (yet).
#[derive(Clone, Debug, Default)]
pub struct Errors(Vec<Mistake>);

/// One mistake. `field` is the field's name, or empty when the sentence is about the whole form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub field: &'static str,
    pub words: String,
}

impl Errors {
    pub fn none() -> Self {
        Self::default()
    }

    /// A form with one mistake that belongs to no field ("mail address or password is wrong").
    pub fn whole(words: impl Into<String>) -> Self {
        let mut errors = Self::none();
        errors.add("", words);
        errors
    }

    pub fn add(&mut self, field: &'static str, words: impl Into<String>) {
        self.0.push(Mistake { field, words: words.into() });
    }

    /// What is wrong with a field, unless something holds.
    pub fn unless(&mut self, holds: bool, field: &'static str, words: &str) {
        if !holds {
            self.add(field, words);
        }
    }

    /// A field that must not be empty.
    pub fn require(&mut self, field: &'static str, value: &str, words: &str) {
        if value.is_empty() {
            self.add(field, words);
        }
    }

    /// What is wrong with the next part of the same form.
    pub fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// The first sentence about a field; empty when the field is right.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|mistake| mistake.field == field).map_or("", |mistake| &mistake.words)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.0.iter()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether an option of a field is the one chosen (for the templates, whose codes may be `String` or `&str`).
pub fn is_chosen(code: impl AsRef<str>, chosen: &str) -> bool {
    code.as_ref() == chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_shows_its_first_mistake_and_no_other_fields() {
        let mut errors = Errors::whole("a");
        errors.add("mail", "b");
        errors.add("mail", "c");
        assert_eq!((errors.of("mail"), errors.of("name"), errors.len()), ("b", "", 3));
    }
}
