//! From a cookie or a bearer token to [`Who`].

use super::store::{self, MySession, SessionRow};
use crate::web::api::Problem;
use crate::web::hall::hall;
use crate::web::{Said, bearer, cookie};
use crate::{House, Outcome, Trouble, Tx};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::collections::HashSet;
use std::convert::Infallible;
use tasuki_base::chance::Token;
use tasuki_law::Refusal;
use tasuki_law::nouns::{Person, SessionId, SessionKind, Who};
use tasuki_value::{DAY, HOUR, MINUTE, Ts};

/// A session ends by itself this long after it was made.
pub const ABSOLUTE: i64 = 8 * HOUR;
/// An API token lives longer: no person sits in front of it.
pub const ABSOLUTE_TOKEN: i64 = 30 * DAY;
/// Without activity of the person, on a PC and on a phone.
pub const IDLE_PC: i64 = 15 * MINUTE;
pub const IDLE_PHONE: i64 = 60 * MINUTE;
/// Activity is written down at most this often.
const NOTE_EVERY: i64 = MINUTE;

/// The cookie that holds the token.
pub const COOKIE: &str = "session";

impl FromRequestParts<House> for House {
    type Rejection = Trouble;

    async fn from_request_parts(_parts: &mut Parts, house: &Self) -> Result<Self, Trouble> {
        Ok(house.clone())
    }
}

/// Asked once a request; the answer travels with it.
#[derive(Clone)]
struct Asked(Who);

impl FromRequestParts<House> for Known {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Trouble> {
        if let Some(Asked(who)) = parts.extensions.get() {
            return Ok(Self(who.clone()));
        }
        let who = match token(&parts.headers, house) {
            // What a page does by itself is no activity of a person.
            Some(token) => recognise(house, token, !is_by_itself(parts)).await?,
            None => Who::Nobody,
        };
        parts.extensions.insert(Asked(who.clone()));
        Ok(Self(who))
    }
}

/// Who sends this request: as an extractor, `Known(who): Known`.
#[derive(Clone, Debug)]
pub struct Known(pub Who);

/// The same for the API, which asks nobody for a token before anything is looked up: `Caller(who): Caller`.
#[derive(Clone, Debug)]
pub struct Caller(pub Who);

impl FromRequestParts<House> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        match Known::from_request_parts(parts, house).await? {
            Known(Who::Nobody) => Err(Refusal::SignIn.into()),
            Known(who) => Ok(Self(who)),
        }
    }
}

/// Who sends this request, not looked up yet: for what is asked so often that session and answer are one look.
pub struct Unasked {
    token: Option<Token>,
    activity: bool,
}

impl FromRequestParts<House> for Unasked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Infallible> {
        Ok(Self { token: token(&parts.headers, house), activity: !is_by_itself(parts) })
    }
}

/// The same for the API, where nobody gets further without a token.
pub struct Calling(pub Unasked);

impl FromRequestParts<House> for Calling {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        match Unasked::from_request_parts(parts, house).await {
            Ok(visitor) if visitor.token.is_some() => Ok(Self(visitor)),
            Ok(_) => Err(Refusal::SignIn.into()),
        }
    }
}

impl Unasked {
    /// As [`House::glance`], behind the look who it is: told to the closure, and answered with what it finds.
    pub async fn glance<T: Send + 'static>(
        self,
        house: &House,
        look: impl Fn(&mut Tx<'_, '_>, &Who) -> Outcome<T> + Send + 'static,
    ) -> Outcome<(Who, T)> {
        let looked = house.glance(both(self.hash(), look)).await?;
        self.noted(house, looked).await
    }

    /// As [`House::read`], in the same way.
    pub async fn read<T: Send + 'static>(
        self,
        house: &House,
        look: impl Fn(&mut Tx<'_, '_>, &Who) -> Outcome<T> + Send + 'static,
    ) -> Outcome<(Who, T)> {
        let looked = house.read(both(self.hash(), look)).await?;
        self.noted(house, looked).await
    }

    fn hash(&self) -> Option<[u8; 32]> {
        self.token.as_ref().map(Token::hash)
    }

    async fn noted<T>(self, house: &House, looked: Looked<T>) -> Outcome<(Who, T)> {
        if let Some((row, now)) = looked.found {
            note_activity(house, &row, now, self.activity).await?;
        }
        Ok((looked.who, looked.seen?))
    }
}

fn both<T>(
    hash: Option<[u8; 32]>,
    look: impl Fn(&mut Tx<'_, '_>, &Who) -> Outcome<T>,
) -> impl Fn(&mut Tx<'_, '_>) -> Outcome<Looked<T>> {
    move |tx| {
        let found = match &hash {
            Some(hash) => living(tx, hash)?,
            None => None,
        };
        let who = found.as_ref().map_or(Who::Nobody, |(row, _)| row.who());
        // A refusal is an answer, too: whoever got it was active.
        let seen = look(tx, &who);
        Ok(Looked { found, who, seen })
    }
}

/// What one look for both has found.
struct Looked<T> {
    found: Option<(SessionRow, Ts)>,
    who: Who,
    seen: Outcome<T>,
}

/// A stream, or an open page that notes what it has just shown.
fn is_by_itself(parts: &Parts) -> bool {
    let path = parts.uri.path();
    parts.headers.get(header::ACCEPT).is_some_and(|kinds| kinds == "text/event-stream")
        || (path.starts_with("/timelines/") && path.ends_with("/read"))
}

/// The token of a request: `Authorization: Bearer …` first, then the cookie.
#[must_use]
pub fn token(headers: &HeaderMap, house: &House) -> Option<Token> {
    if let Some(text) = bearer(headers) {
        return Token::parse(text);
    }
    cookie::read(headers, house, COOKIE).and_then(Token::parse)
}

/// `POST /session`: the person touched a page that stands still. Recognising them has noted it already.
pub async fn touch(Known(who): Known) -> Result<StatusCode, Trouble> {
    match who {
        Who::Person(_) => Ok(StatusCode::NO_CONTENT),
        Who::Nobody | Who::System(_) => Err(Trouble::Refused(Refusal::SignIn)),
    }
}

/// Draws an error page again for the person who asked, with their name and their tabs. Only errors cost it.
pub async fn introduce(house: &House, request: Request, next: Next) -> Response {
    let token = token(request.headers(), house);
    let answer = next.run(request).await;
    let (Some(said), Some(token)) = (answer.extensions().get::<Said>().copied(), token) else {
        return answer;
    };
    let drawn = async {
        let who = recognise(house, token, false).await?;
        let hall = house.read(move |tx| hall(tx, &who, said.heading)).await?;
        said.drawn(hall)
    };
    match drawn.await {
        Ok(body) => {
            let (mut parts, _) = answer.into_parts();
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(body))
        }
        // Whatever is wrong, the plain page says it already.
        Err(_) => answer,
    }
}

async fn recognise(house: &House, token: Token, activity: bool) -> Outcome<Who> {
    let hash = token.hash();
    let found = house.glance(move |tx| living(tx, &hash)).await?;
    let Some((row, now)) = found else { return Ok(Who::Nobody) };
    note_activity(house, &row, now, activity).await?;
    Ok(row.who())
}

async fn note_activity(house: &House, row: &SessionRow, now: Ts, activity: bool) -> Outcome<()> {
    if activity && now.since(row.active_at) >= NOTE_EVERY {
        let session = row.session;
        house.write(move |tx| store::note_activity(tx, session)).await?;
    }
    Ok(())
}

fn living(tx: &mut Tx, hash: &[u8; 32]) -> Outcome<Option<(SessionRow, Ts)>> {
    let now = tx.now();
    let row = store::session_by_token(tx, hash)?;
    Ok(row.filter(|row| row.lives(now)).map(|row| (row, now)))
}

/// The person of a living session.
pub fn of_token(tx: &mut Tx, hash: &[u8; 32]) -> Outcome<Option<Person>> {
    Ok(living(tx, hash)?.and_then(|(row, _)| row.who().person().copied()))
}

/// Whether a session still opens anything: streams that are open already ask again and again.
pub fn still_lives(tx: &mut Tx, session: SessionId) -> Outcome<bool> {
    let now = tx.now();
    Ok(store::session(tx, session)?.is_some_and(|row| row.lives(now)))
}

/// As [`still_lives`], for many at once: those that do.
pub fn those_living(tx: &mut Tx, sessions: impl Iterator<Item = SessionId>) -> Outcome<HashSet<SessionId>> {
    let now = tx.now();
    let rows = store::sessions_by_id(tx, sessions)?;
    Ok(rows.into_iter().filter(|row| row.lives(now)).map(|row| row.session).collect())
}

impl SessionRow {
    pub(super) fn who(&self) -> Who {
        let Self { account, session, kind, operator, .. } = *self;
        Who::Person(Person { account, session, kind, operator })
    }

    /// Whether the session still opens anything.
    #[must_use]
    pub fn lives(&self, now: Ts) -> bool {
        lives(self.session_kind, self.phone, self.made_at, self.active_at, now)
    }
}

impl MySession {
    /// Whether the session still opens anything.
    #[must_use]
    pub fn lives(&self, now: Ts) -> bool {
        lives(self.kind, self.phone, self.made_at, self.active_at, now)
    }
}

fn lives(kind: SessionKind, phone: bool, made_at: Ts, active_at: Ts, now: Ts) -> bool {
    let (absolute, idle) = match (kind, phone) {
        (SessionKind::Token, _) => (ABSOLUTE_TOKEN, ABSOLUTE_TOKEN),
        (SessionKind::Browser, true) => (ABSOLUTE, IDLE_PHONE),
        (SessionKind::Browser, false) => (ABSOLUTE, IDLE_PC),
    };
    now.since(made_at) < absolute && now.since(active_at) < idle + NOTE_EVERY
}
