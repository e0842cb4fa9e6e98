//! On more than one node: what was hinted at here, told to the others at once, and theirs to the ears here. A word
//! that is lost is made good by the tail; one that is forged makes a stream look and find nothing.

use super::hub::Topic;
use crate::House;
use crate::counts::Label;
use std::fmt::Write as _;
use tasuki_law::nouns::EventId;

/// Nothing of ours is longer.
const LONGEST: usize = 512;

/// A line of text: the event, and what can have changed by it.
pub(super) fn written(event: EventId, topics: &[Topic]) -> String {
    let mut word = event.to_string();
    for topic in topics {
        let _ = match topic {
            Topic::Page(group) => write!(word, " page:{group}"),
            Topic::Place(group) => write!(word, " place:{group}"),
            Topic::Person(account) => write!(word, " person:{account}"),
        };
    }
    word
}

/// What a line says; none for anything that is not such a line from end to end.
pub(super) fn read(word: &[u8]) -> Option<(EventId, Vec<Topic>)> {
    let text = std::str::from_utf8(word).ok().filter(|text| text.len() <= LONGEST)?;
    let mut pieces = text.split(' ');
    let event = pieces.next()?.parse().ok()?;
    let topics = pieces.map(|piece| match piece.split_once(':')? {
        ("page", group) => group.parse().ok().map(Topic::Page),
        ("place", group) => group.parse().ok().map(Topic::Place),
        ("person", account) => account.parse().ok().map(Topic::Person),
        _ => None,
    });
    Some((event, topics.collect::<Option<_>>()?))
}

/// Listens to the other nodes until the house closes.
pub async fn follow(house: House) {
    let relay = house.relay.clone();
    relay
        .bus()
        .run(|word| match read(&word) {
            Some((event, topics)) => {
                relay.told(event, &topics);
                count("heard");
            }
            None => count("nonsense"),
        })
        .await;
}

/// `tasuki_hints_total`: what was sent, let go, heard, not understood, and what the chronicle had to tell instead.
pub(super) fn count(way: &'static str) {
    metrics::counter!("tasuki_hints_total", "way" => Label::fixed(way)).increment(1);
}

#[cfg(test)]
mod tests {
    use super::{Topic, read, written};
    use tasuki_law::nouns::{AccountId, EventId, GroupId};
    use uuid::Uuid;

    const EVENT: EventId = EventId(Uuid::from_u128(7));
    const TOPICS: [Topic; 3] = [
        Topic::Page(GroupId(Uuid::from_u128(1))),
        Topic::Place(GroupId(Uuid::from_u128(1))),
        Topic::Person(AccountId(Uuid::from_u128(2))),
    ];

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(written(EVENT, &TOPICS).as_bytes()), Some((EVENT, TOPICS.to_vec())));
        assert_eq!(read(written(EVENT, &[]).as_bytes()), Some((EVENT, Vec::new())));
    }

    #[test]
    fn nonsense_is_nothing() {
        let word = written(EVENT, &TOPICS);
        let long = format!("{word}{}", " page:".repeat(200));
        let cut: Vec<Vec<u8>> = (0..word.len()).map(|end| word.as_bytes()[..end].to_vec()).collect();
        let others = [&b""[..], b" ", b"\xff\xfe", b"page:1", long.as_bytes(), b"a b c"];
        for wrong in cut.iter().map(Vec::as_slice).chain(others) {
            // Cut between two topics it says less, and nothing false.
            let read = read(wrong);
            assert!(read.is_none_or(|(event, topics)| event == EVENT && TOPICS.starts_with(&topics)));
        }
    }
}
