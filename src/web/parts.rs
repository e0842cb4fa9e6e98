//! 部品見本: every component, and sample pages made of them, for the eye and for the accessibility test.
//! Not in a release. `GET /dev/parts` and `GET /dev/parts/{name}`.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::web::errors::Errors;
use crate::web::hall::{Hall, Person, Tab};

/// One line a page: name, title, side.
const SAMPLES: &str = include_str!("parts/samples.txt");
/// Signed-out pages among them.
const OUTSIDE: [&str; 3] = ["register", "signin", "landing"];

/// `GET /dev/parts`
pub async fn index() -> Response {
    show(Path("parts".to_owned())).await
}

/// `GET /dev/parts/{name}`
pub async fn show(Path(name): Path<String>) -> Response {
    match draw(&name) {
        Some(page) => Html(page).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

macro_rules! samples {
    ($name:expr, $hall:expr, $($word:literal => $page:ident = $path:literal),+ $(,)?) => {{
        $(
            #[derive(Template)]
            #[template(path = $path)]
            #[allow(dead_code, reason = "a page takes what it shows")]
            struct $page { hall: Hall, errors: Errors, names: Vec<&'static str> }
        )+
        let names = SAMPLES.lines().filter_map(|line| line.split('|').next()).collect();
        match $name {
            $($word => $page { hall: $hall, errors: mistakes(), names }.render().ok(),)+
            _ => None,
        }
    }};
}

/// The page as HTML; `None` when there is no sample of that name.
pub fn draw(name: &str) -> Option<String> {
    samples!(name, hall(name)?,
        "parts" => Parts = "web/parts/sample_parts.html",
        "home" => Home = "web/parts/sample_home.html",
        "patient" => Patient = "web/parts/sample_patient.html",
        "timeline" => Timeline = "web/parts/sample_timeline.html",
        "family" => Family = "web/parts/sample_timeline.html",
        "compose" => Compose = "web/parts/sample_compose.html",
        "confirm" => Confirm = "web/parts/sample_confirm.html",
        "patients" => Patients = "web/parts/sample_patients.html",
        "card" => Card = "web/parts/sample_card.html",
        "invite" => Invite = "web/parts/sample_invite.html",
        "members" => Members = "web/parts/sample_members.html",
        "desk" => Desk = "web/parts/sample_desk.html",
        "register" => Register = "web/parts/sample_register.html",
        "signin" => SignIn = "web/parts/sample_signin.html",
        "landing" => Landing = "web/parts/sample_landing.html",
    )
}

fn hall(name: &str) -> Option<Hall> {
    let line = SAMPLES.lines().find(|line| line.split('|').next() == Some(name))?;
    let mut words = line.split('|').skip(1);
    let mut hall = Hall::new(words.next()?);
    hall.side = words.next().filter(|side| !side.is_empty());
    hall.tab = match name {
        "home" => Tab::Home,
        "patients" | "card" | "timeline" | "family" => Tab::Patients,
        _ => Tab::Other,
    };
    hall.tabs = name != "patient";
    if !OUTSIDE.contains(&name) {
        hall.person = Some(Person {
            name: hall.title.clone(),
            facility: None,
            admin: true,
            waiting: 2,
            approvals: 0,
            unread: 5,
        });
        if !matches!(name, "home" | "patient") {
            hall.back = Some(("/dev/parts".to_owned(), hall.network.clone()));
        }
    }
    Some(hall)
}

fn mistakes() -> Errors {
    let mut errors = Errors::none();
    errors.add("mail", include_str!("parts/sample_mistake.txt").trim());
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_draws_one_heading_and_a_title() {
        for name in SAMPLES.lines().filter_map(|line| line.split('|').next()) {
            let page = draw(name).unwrap_or_else(|| panic!("{name} is listed but not drawn"));
            assert_eq!(page.matches("<h1").count(), 1, "{name}");
            assert!(page.contains(" | Tasuki</title>"), "{name}");
        }
        assert!(draw("nothing").is_none());
    }

    /// For the eye: writes the samples into the folder that TASUKI_SAMPLES names.
    #[test]
    #[ignore = "writes files to look at"]
    fn write_the_samples() {
        let folder = std::path::PathBuf::from(std::env::var_os("TASUKI_SAMPLES").expect("TASUKI_SAMPLES"));
        for name in SAMPLES.lines().filter_map(|line| line.split('|').next()) {
            std::fs::write(folder.join(format!("{name}.html")), draw(name).unwrap()).unwrap();
        }
        std::fs::create_dir_all(folder.join("static")).unwrap();
        for (name, bytes) in crate::web::assets::all() {
            std::fs::write(folder.join("static").join(name), bytes).unwrap();
        }
    }
}
