//! The people I share a place with.

use super::{Section, View, people, sections};
use crate::accounts::Known;
use crate::phrases::{self, staff as words};
use crate::web::hall::{Tab, hall};
use crate::web::{Form, Hall, Page, page};
use crate::{House, Trouble};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_law::Refusal;

#[derive(Template)]
#[template(path = "connections/list.html")]
struct ListPage {
    hall: Hall,
    /// (href, words, unread, current) of each view.
    views: Vec<(String, &'static str, i64, bool)>,
    view: &'static str,
    sections: Vec<Section>,
    typed: String,
    /// Nobody at all, whatever was typed.
    nobody: bool,
}

/// `GET /connections`
pub async fn list(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let view = query.pick("view").unwrap_or(View::Own);
    let typed = query.line("q");
    let shown = house
        .read(move |tx| {
            let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
            let people = people(tx, account)?;
            let tab = |one: &View| (format!("?view={}", one.code()), one.word(), 0, *one == view);
            Ok(ListPage {
                hall: hall(tx, &who, words::CONNECTIONS)?.tab(Tab::Connections).back("/", phrases::HOME),
                views: View::ALL.iter().map(tab).collect(),
                view: view.code(),
                nobody: people.is_empty(),
                sections: sections(people, view, &typed),
                typed: typed.clone(),
            })
        })
        .await?;
    page(&shown)
}
