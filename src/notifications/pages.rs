//! The demo shows the mails it would have sent.

use super::held::{self, Held};
use crate::web::{Hall, Page, page};
use crate::{House, Trouble};
use askama::Template;
use tasuki_base::text;

#[derive(Template)]
#[template(path = "notifications/demo_mails.html")]
struct DemoMails {
    hall: Hall,
    mails: Vec<Mail>,
}

struct Mail {
    to: String,
    subject: String,
    at: String,
    lines: Vec<Line>,
}

struct Line {
    text: String,
    /// Set when the whole line is a link into this house.
    href: Option<String>,
}

/// So many are shown; the demo is small.
const SHOWN: i64 = 200;

pub async fn demo_mails(house: House) -> Page {
    if !house.config.demo {
        return Err(Trouble::unseen());
    }
    let url = house.config.url.clone();
    let mails = house
        .read(move |tx| {
            let newest = held::newest(tx, SHOWN)?;
            Ok(newest.into_iter().map(|held| Mail::of(held, &url)).collect())
        })
        .await?;
    page(&DemoMails { hall: Hall::new(crate::phrases::mail::DEMO_TITLE), mails })
}

impl Mail {
    fn of(Held { letter, made_at }: Held, url: &str) -> Self {
        let line = |line: &str| Line {
            text: line.to_owned(),
            href: line.strip_prefix(url).filter(|path| path.starts_with('/')).map(str::to_owned),
        };
        let to = match &letter.to_name {
            Some(name) => format!("{name} <{}>", letter.to),
            None => letter.to.clone(),
        };
        Self {
            to,
            subject: letter.subject,
            at: format!("{} {}", text::local_date(made_at), text::hour_minute(made_at)),
            lines: letter.body.lines().map(line).collect(),
        }
    }
}
