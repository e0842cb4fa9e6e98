//! On more than one node: open pages here hear of what another node wrote down, within a second or so, by looking at
//! the newest end of the chronicle; sooner, where the wire brings it. Only a hint comes of it: each stream then asks
//! the law and reads for itself.

use super::{Listener, relay, store};
use crate::{House, Outcome};
use std::time::Duration;
use tasuki_base::db::Engine;
use tasuki_law::nouns::EventId;
use tasuki_value::{SECOND, Ts};
use uuid::Uuid;

const EVERY: Duration = Duration::from_secs(1);
/// Ids are drawn before the commit, on clocks that are never quite alike: what may still appear behind the newest.
const BEHIND: i64 = 10 * SECOND;
const PAGE: i64 = 500;

/// Looks until the house closes. With SQLite there is no other node.
pub async fn follow(house: House, listeners: Vec<Listener>) {
    if house.db.engine() == Engine::Lite {
        return;
    }
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(trouble) = look(&house, &listeners).await {
            trouble.log();
        }
    }
}

/// Hints at everything at the newest end that was not hinted at here; answers how much that was.
pub(super) async fn look(house: &House, listeners: &[Listener]) -> Outcome<usize> {
    let (mut after, mut count) = (first_of(house.now().minus(BEHIND)), 0);
    loop {
        let events = house.read(move |tx| store::after(tx, after, PAGE)).await?;
        count += relay::hint_once(house, listeners, &events);
        match events.last() {
            Some(last) if i64::try_from(events.len()) == Ok(PAGE) => after = last.id,
            _ => return Ok(count),
        }
    }
}

/// Before every id that is drawn from a moment on.
fn first_of(at: Ts) -> EventId {
    let milliseconds = u128::from(u64::try_from(at.0 / 1000).unwrap_or(0));
    EventId(Uuid::from_u128(milliseconds << 80))
}

#[cfg(test)]
mod tests {
    use super::look;
    use crate::House;
    use crate::events::{Hub, Relay, Topic};
    use crate::house::Rooms;
    use crate::serve::listeners;
    use crate::testing::World;
    use std::time::Duration;
    use tasuki_value::MINUTE;

    /// Another node of the same house.
    fn another(world: &World) -> House {
        House::new(Rooms { relay: Relay::default(), ..Rooms::clone(&world.house) })
    }

    fn ears(hub: &Hub, topic: Topic) -> crate::events::Ear {
        hub.listen([topic])
    }

    #[tokio::test]
    async fn a_page_on_another_node_hears_of_a_post_once() {
        let world = World::with_cast().await;
        let group = world.free_group("saeki", "木蓮の会", &["moriyama"]).await;
        world.later(MINUTE);
        let other = another(&world);
        let ear = ears(other.relay.hub(), Topic::Page(group));
        assert_eq!(look(&other, &listeners()).await.unwrap(), 0, "nothing new");

        world.visit("moriyama").await.write_post(group, "となりの節から").await;
        assert!(look(&other, &listeners()).await.unwrap() > 0);
        assert!(ear.heard(Duration::from_secs(1)).await.contains(&Topic::Page(group)));
        assert_eq!(look(&other, &listeners()).await.unwrap(), 0, "not again");
        assert!(ear.heard(Duration::from_millis(20)).await.is_empty());
        world.settle().await;
        world.close_with_leftovers();
    }

    #[tokio::test]
    async fn what_the_wire_told_is_not_told_again_and_a_lie_hides_nothing() {
        let world = World::with_cast().await;
        let group = world.free_group("saeki", "木蓮の会", &["moriyama"]).await;
        world.later(MINUTE);
        let mut nurse = world.visit("moriyama").await;
        for honest in [true, false] {
            let other = another(&world);
            let _ = look(&other, &listeners()).await.unwrap();
            let ear = ears(other.relay.hub(), Topic::Page(group));
            nurse.write_post(group, "一つ").await;
            let since = super::first_of(world.house.now().minus(super::BEHIND));
            let events =
                world.house.read(move |tx| crate::events::store::after(tx, since, 100)).await.unwrap();
            for event in events.iter().filter(|event| event.group == Some(group)) {
                let page = Topic::Page(group);
                other
                    .relay
                    .told(event.id, &[if honest { page } else { Topic::Person(world.account("mori")) }]);
            }
            let heard = ear.heard(Duration::from_millis(20)).await;
            assert_eq!(heard.contains(&Topic::Page(group)), honest);
            let _ = look(&other, &listeners()).await.unwrap();
            let heard = ear.heard(Duration::from_millis(20)).await;
            assert_eq!(
                heard.contains(&Topic::Page(group)),
                !honest,
                "by the chronicle, where the wire did not"
            );
        }
        world.settle().await;
        world.close_with_leftovers();
    }

    #[tokio::test]
    async fn who_is_taken_out_on_one_node_is_told_on_the_other() {
        let world = World::with_cast().await;
        let group = world.free_group("saeki", "木蓮の会", &["moriyama"]).await;
        world.later(MINUTE);
        let other = another(&world);
        let person = Topic::Person(world.account("moriyama"));
        let ear = ears(other.relay.hub(), person);
        world.take_out("saeki", group, "moriyama").await;
        let _ = look(&other, &listeners()).await.unwrap();
        assert!(ear.heard(Duration::from_secs(1)).await.contains(&person));
        world.settle().await;
        world.close_with_leftovers();
    }
}
