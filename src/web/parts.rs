//! 部品見本: every component on one page, for the eye and for the accessibility test. Not in a release:
//! `GET /dev/parts`.

use crate::web::errors::Errors;
use crate::web::hall::{Hall, Person};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

#[derive(Template)]
#[template(path = "web/parts/sample_parts.html")]
struct Page {
    hall: Hall,
    errors: Errors,
}

/// `GET /dev/parts`
pub async fn show() -> Response {
    match draw() {
        Some(page) => Html(page).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn draw() -> Option<String> {
    let mut hall = Hall::new(include_str!("parts/sample_title.txt").trim());
    hall.person = Some(Person {
        id: "01a22fe4c4be712eb552db0f71".to_owned(),
        name: hall.title.clone(),
        facility: None,
        admin: true,
        waiting: 2,
        approvals: 0,
        unread: 5,
        office: true,
        has_photo: true,
        has_kana: true,
        hint_closed: true,
    });
    let mut errors = Errors::none();
    errors.add("mail", include_str!("parts/sample_mistake.txt").trim());
    Page { hall, errors }.render().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sample_draws_one_heading_and_a_title() {
        let page = super::draw().unwrap();
        assert_eq!(page.matches("<h1").count(), 1);
        assert!(page.contains(" | Tasuki</title>"));
    }
}
