//! Where I am signed in, and ending it.

use super::password::somebody;
use super::sign_in::left;
use crate::accounts::{Known, actions, store};
use crate::house::cell;
use crate::web::hall::hall;
use crate::web::{Form, Hall, Page, page, see_other};
use crate::{House, Outcome, Tx, phrases};
use askama::Template;
use axum::http::Uri;
use tasuki_law::nouns::{EventKind, Person, SessionId, SessionKind};

#[derive(Template)]
#[template(path = "accounts/sessions.html")]
struct SessionsPage {
    hall: Hall,
    sessions: Vec<Row>,
    /// Living sessions beyond those listed: the one button ends them too.
    more: usize,
}

/// So many are listed: this one, and those used last.
const LISTED: usize = 20;

struct Row {
    id: SessionId,
    name: String,
    token: bool,
    here: bool,
    made: String,
    active: String,
}

/// `GET /settings/sessions`
pub async fn list(Known(who): Known, house: House, uri: Uri) -> Page {
    let person = somebody(&who)?;
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    let shown = house
        .read(move |tx| {
            let hall = hall(tx, &who, phrases::SESSIONS)?.back("/settings", phrases::SETTINGS).done(&done);
            let (sessions, more) = rows(tx, &person)?;
            Ok(SessionsPage { hall, sessions, more })
        })
        .await?;
    page(&shown)
}

/// The sessions that are listed, and how many more there are.
fn rows(tx: &mut Tx, person: &Person) -> Outcome<(Vec<Row>, usize)> {
    let now = tx.now();
    let mut living = store::sessions(tx, person.account)?;
    living.retain(|session| session.lives(now));
    living.sort_by_key(|session| session.id != person.session);
    let more = living.len().saturating_sub(LISTED);
    let mut rows = Vec::new();
    for session in living.into_iter().take(LISTED) {
        let name = match &session.label {
            Some(sealed) => tx.open_text(cell("sessions", "label", session.id.0), sealed)?,
            None => phrases::device(&session.device).to_owned(),
        };
        rows.push(Row {
            id: session.id,
            name,
            token: session.kind == SessionKind::Token,
            here: session.id == person.session,
            made: phrases::short_day_and_time(session.made_at),
            active: phrases::short_day_and_time(session.active_at),
        });
    }
    Ok((rows, more))
}

/// `POST /settings/sessions`: ends one, or all others.
pub async fn end(Known(who): Known, house: House, form: Form) -> Page {
    let person = somebody(&who)?;
    let one: Option<SessionId> = form.pick("session");
    house
        .write(move |tx| match one {
            Some(one) => {
                // What is over already, or somebody else's, changes nothing and tells nothing.
                actions::end_session(tx, person.account, one, EventKind::SessionEnded)?;
                Ok(())
            }
            None => actions::end_other_sessions(tx, &person),
        })
        .await?;
    if one == Some(person.session) {
        return left(&house);
    }
    see_other("/settings/sessions?done=session_ended")
}
