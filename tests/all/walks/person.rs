//! Somebody who uses the house without scripts: reads pages, follows their links, fills in their forms. What is
//! not on the page cannot be pressed.

use crate::html::{self, Form};
use axum::http::Method;
use tasuki::testing::{Answer, Visitor};

pub struct Person {
    pub visitor: Visitor,
    /// Where they are.
    pub url: String,
    pub page: String,
    pub status: u16,
    /// Chosen, not yet sent: field, file name, bytes.
    files: Vec<(String, String, Vec<u8>)>,
}

impl Person {
    pub fn new(visitor: Visitor) -> Self {
        Self { visitor, url: "/".to_owned(), page: String::new(), status: 0, files: Vec::new() }
    }

    /// Goes to an address and on to where it leads.
    pub async fn try_open(&mut self, path: &str) -> u16 {
        let answer = self.visitor.get(path).await;
        self.url = path.to_owned();
        self.arrive(answer).await;
        self.status
    }

    /// Opens a page that must be there.
    pub async fn open(&mut self, path: &str) -> &mut Self {
        let status = self.try_open(path).await;
        assert_eq!(status, 200, "{path} at {}: {}", self.url, self.words());
        self
    }

    async fn arrive(&mut self, mut answer: Answer) {
        for _ in 0..8 {
            if !answer.status.is_redirection() {
                break;
            }
            self.url = answer.location();
            let path = self.url.split('#').next().unwrap_or_default().to_owned();
            answer = self.visitor.get(&path).await;
        }
        self.status = answer.status.as_u16();
        self.page = answer.text();
    }

    pub fn words(&self) -> String {
        html::words(&self.page)
    }

    #[track_caller]
    pub fn sees(&mut self, words: &str) -> &mut Self {
        assert!(self.words().contains(words), "no 「{words}」 at {}:\n{}", self.url, self.words());
        self
    }

    #[track_caller]
    pub fn misses(&mut self, words: &str) -> &mut Self {
        assert!(!self.page.contains(words), "「{words}」 at {}:\n{}", self.url, self.words());
        self
    }

    /// Where the link with these words leads.
    #[track_caller]
    pub fn link(&self, words: &str) -> String {
        // What the page itself says comes before its header and its menu.
        let main = self.page.split_once("<main").map_or("", |(_, main)| main);
        let links = [html::links(main), html::links(&self.page)].concat();
        let found = links.iter().find(|(_, text)| text.contains(words));
        let Some((href, _)) = found else { panic!("no link 「{words}」 at {}: {links:?}", self.url) };
        href.clone()
    }

    /// Follows the link with these words.
    pub async fn follow(&mut self, words: &str) -> &mut Self {
        let href = self.absolute(&self.link(words));
        self.open(href.split('#').next().unwrap_or_default()).await
    }

    /// Chooses a file for a field of the form that is sent next.
    pub fn choose(&mut self, field: &str, name: &str, bytes: Vec<u8>) -> &mut Self {
        self.files.push((field.to_owned(), name.to_owned(), bytes));
        self
    }

    /// Presses a button after filling in its form, and goes on to where it leads.
    pub async fn press(&mut self, button: &str, typed: &[(&str, &str)]) -> &mut Self {
        let status = self.try_press(button, typed).await;
        assert_eq!(status, 200, "「{button}」 led to {}: {}", self.url, self.words());
        self
    }

    pub async fn try_press(&mut self, button: &str, typed: &[(&str, &str)]) -> u16 {
        let sent = self.sending(button, typed);
        let (at, answer) = match sent.method.as_str() {
            "get" => {
                let query = serde_urlencoded::to_string(&sent.fields).expect("fields are text");
                let path = sent.action.split('?').next().unwrap_or_default();
                let path = format!("{path}?{query}");
                let answer = self.visitor.get(&path).await;
                (path, answer)
            }
            _ if sent.multipart => {
                let (kind, body) = parcel(&sent.fields, &std::mem::take(&mut self.files));
                (sent.action.clone(), self.visitor.send(Method::POST, &sent.action, &kind, body).await)
            }
            _ => {
                let fields: Vec<_> = sent.fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                (sent.action.clone(), self.visitor.post(&sent.action, &fields).await)
            }
        };
        self.url = at;
        self.arrive(answer).await;
        self.status
    }

    fn sending(&self, button: &str, typed: &[(&str, &str)]) -> Sending {
        let forms = html::forms(&self.page);
        let fits = |form: &&Form| {
            form.buttons.iter().any(|one| one.words.contains(button))
                && typed.iter().all(|(name, _)| form.fields.iter().any(|field| field.name == *name))
        };
        let Some(form) = forms.iter().find(fits) else {
            panic!("no 「{button}」 with {typed:?} at {}: {forms:#?}\n{}", self.url, self.words())
        };
        let pressed = form.buttons.iter().find(|one| one.words.contains(button)).expect("the button");
        let action = pressed.action.as_deref().unwrap_or(&form.action);
        let mut fields = filled(form, typed);
        if !pressed.name.is_empty() {
            fields.push((pressed.name.clone(), pressed.value.clone()));
        }
        Sending {
            action: self.absolute(action),
            method: form.method.clone(),
            multipart: form.multipart,
            fields,
        }
    }

    /// An address of the page as one of the house.
    fn absolute(&self, href: &str) -> String {
        let here = self.url.split(['?', '#']).next().unwrap_or_default();
        if href.is_empty() {
            self.url.clone()
        } else if href.starts_with('/') {
            href.to_owned()
        } else if href.starts_with('?') {
            format!("{here}{href}")
        } else {
            let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{folder}/{href}")
        }
    }
}

struct Sending {
    action: String,
    method: String,
    multipart: bool,
    fields: Vec<(String, String)>,
}

/// What a browser sends: what stands there, with what was typed instead. Of a choice only what is offered.
fn filled(form: &Form, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut sent = Vec::new();
    for field in &form.fields {
        let mine: Vec<&str> =
            typed.iter().filter(|(name, _)| *name == field.name).map(|(_, value)| *value).collect();
        let choice = matches!(field.kind.as_str(), "checkbox" | "radio" | "select");
        if mine.is_empty() {
            if field.on {
                sent.push((field.name.clone(), field.value.clone()));
            }
        } else if choice {
            if mine.contains(&field.value.as_str()) {
                sent.push((field.name.clone(), field.value.clone()));
            }
        } else if !sent.iter().any(|(name, _)| *name == field.name) {
            sent.extend(mine.iter().map(|value| (field.name.clone(), (*value).to_owned())));
        }
    }
    for (name, value) in typed.iter().filter(|(_, value)| !value.is_empty()) {
        assert!(
            sent.iter().any(|(n, v)| n == name && v == value),
            "{name}={value} is not offered: {form:#?}"
        );
    }
    sent
}

const EDGE: &str = "----tasuki-edge";

/// A form with files, as a browser sends it.
pub fn parcel(fields: &[(String, String)], files: &[(String, String, Vec<u8>)]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.as_bytes());
    }
    for (field, name, bytes) in files {
        let head = format!(
            "--{EDGE}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{EDGE}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={EDGE}"), body)
}

/// A file of the fixtures.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(crate::source::root().join("tests/fixtures").join(name)).expect("a fixture")
}
