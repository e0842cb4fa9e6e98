//! 部品見本: every component on one page, for people and for the accessibility test. Not in a release.

use askama::Template;

use crate::web::errors::Errors;
use crate::web::hall::{Hall, Person, Tab};

#[derive(Template)]
#[template(path = "web/parts/page.html")]
pub struct PartsPage {
    pub hall: Hall,
    pub mail: String,
    pub errors: Errors,
    pub professions: Vec<(String, &'static str)>,
}

impl PartsPage {
    pub fn sample() -> Self {
        let person = Person { name: "A".into(), facility: None, admin: true, waiting: 2, unread: 5 };
        let mut errors = Errors::none();
        errors.add("mail", "x");
        Self { hall: Hall::new("parts").tab(Tab::Home).person(person), mail: "a＠b".into(), errors, professions: vec![("nurse".into(), "x")] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn draws() {
        std::fs::write("/tmp/parts.html", PartsPage::sample().render().unwrap()).unwrap();
    }
}
