//! Every field of the forms, filled with far too much: the form comes back with a sentence, and nothing is kept.

use crate::testing::{Visitor, World};
use axum::http::Method;
use serde_json::json;

/// Letters; bytes; one letter under as many marks as a large form can carry.
fn monsters(families: usize) -> [(&'static str, String); 5] {
    [
        ("letters", "あ".repeat(20_500)),
        ("bytes", "a.b@".repeat(60_000)),
        ("marks", format!("あ{}", "\u{301}".repeat(70_000))),
        ("few marks", format!("a{}", "\u{335}".repeat(40))),
        ("families", "👨‍👩‍👧‍👦".repeat(families)),
    ]
}

/// A form as a browser would send it, and the fields that are typed into.
struct Found {
    action: String,
    method: String,
    fields: Vec<(String, String)>,
    typed: Vec<String>,
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&").replace("&#38;", "&"))
}

fn forms(page: &str, here: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for form in page.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let head = form.split('>').next().unwrap_or_default();
        let action = attribute(head, "action").unwrap_or_else(|| here.to_owned());
        let method = attribute(head, "method").unwrap_or_else(|| "get".to_owned());
        let (mut fields, mut typed) = (Vec::new(), Vec::new());
        for tag in form.split('<').map(|piece| piece.split('>').next().unwrap_or_default()) {
            let Some(name) = attribute(tag, "name") else { continue };
            let kind = attribute(tag, "type").unwrap_or_else(|| "text".to_owned());
            match kind.as_str() {
                _ if tag.starts_with("textarea ") => typed.push(name),
                "hidden" => fields.push((name, attribute(tag, "value").unwrap_or_default())),
                "text" | "email" | "password" | "tel" | "search" if tag.starts_with("input ") => {
                    fields.push((name.clone(), attribute(tag, "value").unwrap_or_default()));
                    typed.push(name);
                }
                _ => {}
            }
        }
        found.push(Found { action, method, fields, typed });
    }
    found
}

/// Fills each field of a page's forms with each monster; what went wrong.
async fn try_page(visitor: &mut Visitor, path: &str) -> (usize, Vec<String>) {
    let page = visitor.get(path).await.expect(200);
    let plain = page.text();
    let (mut tried, mut wrong) = (0, Vec::new());
    // What lies over the page when it is left alone is answered to its script.
    let own = plain.split("id=\"cover\"").next().unwrap_or_default();
    for form in forms(own, path).iter().filter(|form| form.method == "post") {
        for name in &form.typed {
            for (kind, value) in monsters(5_000) {
                let mut fields: Vec<(&str, &str)> =
                    form.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
                fields.retain(|(other, _)| other != name);
                fields.push((name, &value));
                let answer = visitor.post(&form.action, &fields).await;
                tried += 1;
                let status = answer.status.as_u16();
                let told = answer.has("class=\"wrong\"") || status == 429;
                if !(400..500).contains(&status) || !told || answer.bytes.len() > plain.len() + 450_000 {
                    wrong.push(format!(
                        "{} {name} {kind}: {status}, {} bytes",
                        form.action,
                        answer.bytes.len()
                    ));
                }
            }
        }
    }
    (tried, wrong)
}

#[tokio::test]
async fn no_form_takes_more_than_its_fields_hold() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "藤井", "フミ", &["moriyama"]).await;
    let mut doctor = world.visit("saeki").await;
    let mut pages = vec![
        "/profile".to_owned(),
        "/settings/password".to_owned(),
        "/patients/new".to_owned(),
        "/groups/new".to_owned(),
    ];
    pages.push(format!("/patients/{patient}/edit"));
    pages.push(format!("/patients/{patient}/consents/new"));
    let (mut tried, mut wrong) = (0, Vec::new());
    for path in &pages {
        let (more, bad) = try_page(&mut doctor, path).await;
        assert!(more > 0, "{path} has fields");
        tried += more;
        wrong.extend(bad);
    }
    let mut stranger = world.stranger();
    for path in ["/password-reset", "/register/account"] {
        if path == "/register/account" {
            stranger.post("/register", &[("professional", "yes")]).await.expect(303);
            stranger.post("/register/workplace", &[("colleague", "no")]).await.expect(303);
        }
        let (more, bad) = try_page(&mut stranger, path).await;
        tried += more;
        wrong.extend(bad);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tried > 100, "{tried}");
    let card = world.visit("moriyama").await.get(&format!("/accounts/{}", world.account("saeki"))).await;
    assert!(card.expect(200).bytes.len() < 30_000, "what a colleague sees stays small");
    world.close().await;
}

#[tokio::test]
async fn a_query_of_any_size_makes_no_large_page() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    for path in ["/", "/patients", "/connections", "/sign-in", "/profile"] {
        let plain = nurse.get(path).await.bytes.len();
        for name in ["q", "tab", "consent", "after", "done", "next", "answer"] {
            for value in ["a".repeat(20_000), format!("a{}", "%CC%81".repeat(5_000))] {
                let answer = nurse.get(&format!("{path}?{name}={value}")).await;
                assert!(answer.status.as_u16() < 500, "{path} {name}: {}", answer.status);
                assert!(answer.bytes.len() < plain + 40_000, "{path} {name}: {}", answer.bytes.len());
            }
        }
    }
    world.close().await;
}

#[tokio::test]
async fn no_body_of_the_api_carries_more_than_its_fields_hold() {
    let world = World::with_cast().await;
    let mut nurse = world.program("moriyama").await;
    for (path, fields) in [
        ("/api/v1/patients", &["family", "given", "family_kana", "town", "memo", "medicines", "phone"][..]),
        ("/api/v1/groups", &["name", "about"][..]),
    ] {
        for field in fields {
            for (kind, value) in monsters(14_000) {
                let mut body = json!({"name": "会", "about": "", "family": "藤井", "sex": "female"});
                body[*field] = value.into();
                let answer = nurse.json(Method::POST, path, &body).await;
                assert_eq!(answer.status.as_u16(), 422, "{path} {field} {kind}: {}", answer.text());
                assert!(answer.bytes.len() < 2_000, "{path} {field} {kind}");
            }
        }
    }
    world.close().await;
}
