//! The two streams. A refusal is an ordinary answer; only what may be heard begins to flow.

use super::person::{self, Dress};
use super::stream::{self, Look};
use super::timeline;
use crate::accounts::Known;
use crate::timeline::access;
use crate::web::{At, Form, Page};
use crate::{House, Trouble};
use axum::http::{HeaderMap, Uri};
use std::collections::BTreeSet;
use tasuki_law::Refusal;
use tasuki_law::nouns::{TimelineId, Who};
use tasuki_value::Ts;

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
    let mut listener = timeline::Listener::new(house.clone(), who.clone(), id, state.group, rev);
    let first = listener.look(BTreeSet::new()).await?;
    if first.last {
        return Err(Trouble::unseen());
    }
    Ok(stream::answer(&house, &who, listener, first.events))
}

/// `GET /events`
pub async fn person(Known(who): Known, house: House, headers: HeaderMap) -> Page {
    if who == Who::Nobody {
        return Err(Trouble::Refused(Refusal::SignIn));
    }
    let heard = last_heard(&headers).map(Ts);
    let (listener, first) = person::Listener::open(house.clone(), who.clone(), heard, Dress::Page).await?;
    Ok(stream::answer(&house, &who, listener, first))
}

pub(super) fn last_heard(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}
