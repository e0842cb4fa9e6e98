//! The two streams. A refusal is an ordinary answer; only what may be heard begins to flow.

use super::line::{Line, Story, Told};
use super::look::{self, Ask, What};
use super::person::{self, Counts, Dress};
use super::{timeline, wanted};
use crate::accounts::Known;
use crate::accounts::session;
use crate::events::Topic;
use crate::timeline::{access, places};
use crate::web::handover::{Handover, Heir};
use crate::web::{At, Form, Page};
use crate::{House, Trouble};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::response::Response;
use std::collections::HashSet;
use std::sync::Arc;
use tasuki_law::Refusal;
use tasuki_law::nouns::{TimelineId, Who};
use tasuki_value::{MINUTE, Ts};

/// `GET /timelines/{timeline}/stream?rev=`
pub async fn timeline(
    Known(who): Known,
    house: House,
    At(id): At<TimelineId>,
    uri: Uri,
    headers: HeaderMap,
) -> Page {
    let drawn = Form::of_query(uri.query().unwrap_or_default()).pick::<i64>("rev");
    let reader = who.clone();
    let state = house.read(move |tx| Ok(access::to_follow(tx, &reader, id)?.2)).await?;
    // A browser that connects again says what it heard last.
    let rev = [drawn, last_heard(&headers)].into_iter().flatten().max().unwrap_or(state.rev);
    // It listens from before the first look on, so that nothing falls between the two.
    let line = Line::new(&house, &who);
    let mut cord = house.relay.hub().cord(&line);
    cord.add(Topic::Page(state.group));
    who.account().into_iter().for_each(|account| cord.add(Topic::Person(account)));
    let mut story = timeline::Story::new(id, rev, cord);
    let asks = [Ask { who, what: What::Timeline(story.ask()) }];
    let found = house.glance(move |tx| look::look(tx, &asks)).await?.pop();
    let Some(look::Found::Timeline(found)) = found.transpose()? else { return Err(Trouble::unseen()) };
    let first = story.tell(found);
    line.begin(&house, Story::Timeline(story), &first);
    Ok(answer(&house, line))
}

/// `GET /events?since=`: a page that gave its line back asks from where it was.
pub async fn person(Known(who): Known, house: House, uri: Uri, headers: HeaderMap) -> Page {
    let since = || Form::of_query(uri.query().unwrap_or_default()).pick::<i64>("since");
    let heard = last_heard(&headers).or_else(since).map(Ts);
    person_stream(house, who, heard, Dress::Page).await
}

/// Tells at once what changed since the page was drawn or the line broke, and then what changes.
pub(super) async fn person_stream(house: House, who: Who, since: Option<Ts>, dress: Dress) -> Page {
    let Some(account) = who.account() else { return Err(Trouble::Refused(Refusal::SignIn)) };
    // Two nodes' clocks are never quite alike, and a page takes a while to be drawn.
    let since = since.unwrap_or_else(|| house.now()).minus(MINUTE);
    let line = Line::new(&house, &who);
    let mut cord = house.relay.hub().cord(&line);
    cord.add(Topic::Person(account));
    let reader = who.clone();
    let mut groups = house.glance(move |tx| places::groups_of(tx, &reader)).await?;
    groups.sort_unstable();
    groups.iter().for_each(|group| cord.add(Topic::Place(*group)));
    let found = house
        .read(move |tx| {
            let session = who.person().ok_or_else(Trouble::unseen)?.session;
            if !session::still_lives(tx, session)? {
                return Err(Trouble::unseen());
            }
            wanted::first(tx, &who, since, dress)
        })
        .await?;
    let places = groups.into_iter().map(|group| (group, 0)).collect();
    let mut story =
        person::Story { dress, places, counts: Counts::default(), quiet: 0, cord, withheld: HashSet::new() };
    let mut first = story.count(found.at, found.counts())?.into_bytes();
    first.extend(story.tell(found)?);
    line.begin(&house, Story::Person(story), &first);
    Ok(answer(&house, line))
}

fn answer(house: &House, line: Arc<Line>) -> Response {
    let heir: Arc<dyn Heir> = line.clone();
    let mut answer = Response::new(Body::new(Told(line)));
    let fixed = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store, private"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let fixed = fixed.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value)));
    answer.headers_mut().extend(fixed);
    if let Some(date) = date(house.now()) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer.extensions_mut().insert(Handover(heir));
    answer
}

/// Who tells a line by hand gives the date by hand.
fn date(now: Ts) -> Option<HeaderValue> {
    let now = jiff::Timestamp::from_microsecond(now.0).ok()?;
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok()?;
    HeaderValue::from_str(&date).ok()
}

pub(super) fn last_heard(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}
