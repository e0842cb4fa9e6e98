//! The stream of one person: the present state of each of their places that changed. Everything in it may be
//! told twice without harm.

use super::told::event;
use super::wanted::{self, Wanted};
use crate::events::{Cord, Topic};
use crate::{Outcome, Trouble, Tx};
use serde::Serialize;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::Arc;
use tasuki_base::db::Engine;
use tasuki_law::nouns::{GroupId, Who};
use tasuki_value::Ts;

/// After so many silences everything is counted anew, not only whether the person still is where they were.
const QUIET: u8 = 4;

/// For whom it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dress {
    /// For a page, each place as a row of its list.
    Page,
    /// For a program.
    Plain,
}

/// Places in order, each with how many posts are unread there.
pub type Places = Arc<[(GroupId, i64)]>;

/// What a stream has told.
pub struct Story {
    pub dress: Dress,
    pub places: Places,
    pub counts: Counts,
    pub quiet: u8,
    pub cord: Cord,
    /// Places that were told to be withheld: nothing that happens there is told until they open again.
    pub withheld: HashSet<GroupId>,
}

/// What stands on the tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub unread: i64,
    pub waiting: i64,
}

/// What a stream wants to know, beside what is known to it.
pub struct Ask {
    pub dress: Dress,
    pub wanted: Wanted,
    pub places: Places,
    pub waiting: i64,
}

/// What one look finds.
pub struct Found {
    pub at: Ts,
    /// None: everything is as it was.
    pub places: Option<Places>,
    pub waiting: i64,
    pub rows: Vec<Row>,
}

impl Found {
    /// What stands on the tabs now.
    pub fn counts(&self) -> Counts {
        let unread = self.places.iter().flat_map(|places| places.iter()).map(|(_, unread)| unread).sum();
        Counts { unread, waiting: self.waiting }
    }
}

/// One place, as a list shows it now.
pub struct Row {
    pub group: GroupId,
    pub seq: i64,
    pub rev: i64,
    pub unread: i64,
    pub withheld: bool,
    /// As JSON.
    pub html: Option<Arc<str>>,
}

/// A place the person is no longer in.
#[derive(Serialize)]
struct Lost {
    group: GroupId,
    gone: bool,
    unread: i64,
    total: i64,
}

/// What is to be looked up for each of these people, and what was found; their sessions live.
pub fn look(tx: &mut Tx, asks: &[(&Who, &Ask)]) -> Outcome<Vec<Found>> {
    // Where other nodes write, too, how far somebody has read can change without a word here.
    let alone = tx.engine() == Engine::Lite;
    wanted::look(tx, asks, alone)
}

impl Story {
    pub fn ask(&mut self, heard: &[Topic]) -> Ask {
        self.quiet = if heard.is_empty() { self.quiet.wrapping_add(1) } else { self.quiet };
        let wanted = Wanted::of(heard, self.quiet.is_multiple_of(QUIET));
        Ask { dress: self.dress, wanted, places: Arc::clone(&self.places), waiting: self.counts.waiting }
    }

    pub fn tell(&mut self, found: Found) -> Outcome<Vec<u8>> {
        let counts = found.counts();
        let Found { at, places: Some(places), rows, .. } = found else { return Ok(Vec::new()) };
        let (mut text, total) = (String::new(), counts.unread);
        for group in missing(&self.places, &places) {
            let lost = Lost { group, gone: true, unread: 0, total };
            text.push_str(&event("place", Some(at.0), &json(&lost)?));
            self.cord.drop_topic(Topic::Place(group));
        }
        missing(&places, &self.places).for_each(|group| self.cord.add(Topic::Place(group)));
        for row in rows {
            let known = if row.withheld {
                !self.withheld.insert(row.group)
            } else {
                self.withheld.remove(&row.group);
                false
            };
            if !known {
                text.push_str(&event("place", Some(at.0), &row.json(total)));
            }
        }
        if counts != self.counts {
            text.push_str(&self.count(at, counts)?);
        }
        self.places = places;
        Ok(text.into_bytes())
    }

    /// Tells what stands on the tabs.
    pub fn count(&mut self, at: Ts, counts: Counts) -> Outcome<String> {
        self.counts = counts;
        Ok(event("count", Some(at.0), &json(&counts)?))
    }
}

impl Row {
    fn json(&self, total: i64) -> String {
        let Self { group, seq, rev, unread, html, .. } = self;
        let mut json = String::with_capacity(160 + html.as_ref().map_or(0, |html| html.len()));
        let _ = write!(
            json,
            "{{\"group\":\"{group}\",\"seq\":{seq},\"rev\":{rev},\"unread\":{unread},\"total\":{total}"
        );
        if let Some(html) = html {
            json.push_str(",\"html\":");
            json.push_str(html);
        }
        json.push('}');
        json
    }
}

/// The places of the first that are not among the second.
fn missing<'a>(these: &'a Places, others: &'a Places) -> impl Iterator<Item = GroupId> + use<'a> {
    let is_there = |group: &GroupId| others.binary_search_by_key(group, |(other, _)| *other).is_ok();
    these.iter().map(|(group, _)| *group).filter(move |group| !is_there(group))
}

pub fn json(what: &impl Serialize) -> Outcome<String> {
    serde_json::to_string(what).map_err(Trouble::broken)
}

#[cfg(test)]
mod tests {
    use super::Row;
    use tasuki_law::nouns::GroupId;
    use uuid::Uuid;

    #[test]
    fn a_row_is_json_with_its_page_and_without() {
        let mut row = Row {
            group: GroupId(Uuid::from_u128(7)),
            seq: 3,
            rev: 5,
            unread: 1,
            withheld: false,
            html: None,
        };
        for html in [None, Some("<li>\"a\"\n</li>")] {
            row.html = html.map(|html| serde_json::to_string(html).unwrap().into());
            let read: serde_json::Value = serde_json::from_str(&row.json(9)).unwrap();
            let numbers = ["seq", "rev", "unread", "total"].map(|name| read[name].as_i64());
            assert_eq!(numbers, [3, 5, 1, 9].map(Some));
            assert_eq!(read["group"], row.group.to_string());
            assert_eq!(read.get("html").and_then(|html| html.as_str()), html);
        }
    }
}
