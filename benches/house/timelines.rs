//! A timeline of very many posts beside short ones, in the same house.

use crate::CLIENTS;
use crate::client::request;
use crate::growth::line;
use crate::ops::{self, At, Make};
use crate::world::{Place, World};
use std::collections::BTreeMap;

/// A timeline of so many posts beside the one of a workplace, for people who are in both.
pub async fn measure(posts: u32) {
    let crowd = format!("long-{posts}");
    let world = World::open(&crowd, None).await;
    println!("\n{}", world.words(&crowd));
    let places = world.places(0).await;
    let long = places.iter().max_by_key(|place| place.seq).expect("a place");
    let short = places.iter().find(|place| place.kind == "facility").expect("a workplace");
    println!(
        "\n| operation | beside | CPU ms, {} posts | CPU ms, {} posts | ratio | aim |",
        short.seq, long.seq
    );
    println!("|---|---|--:|--:|--:|---|");
    let both = async |words: &str, make: &dyn Fn(&Place) -> Make| {
        let make = [make(short), make(long)];
        line(&format!("{words} | a workplace"), [(&world, &make[0]), (&world, &make[1])], 1.1).await;
    };
    let api = |place: &Place| format!("/api/v1/groups/{}/posts", place.id);
    both("newest 30 posts (API)", &|place| ops::look(&world, true, &api(place))).await;
    both("timeline of 30 posts (page)", &|place| ops::look(&world, false, &format!("/groups/{}", place.id)))
        .await;
    let middle = |place: &Place| format!("{}?before={}", api(place), place.seq / 2);
    both("one old page of 30 posts (API)", &|place| ops::look(&world, true, &middle(place))).await;
    any(&world, short, long).await;
    let writers = |place: &Place| (0..CLIENTS).map(|one| At::new(&world, one, &place.id)).collect();
    both("durable post", &|place| ops::post(writers(place), CLIENTS)).await;
    world.close();
}

/// Pages that nobody opened lately.
async fn any(world: &World, short: &Place, long: &Place) {
    let members: Vec<Pages> = (0..CLIENTS).map(|one| Pages::new(world, one, long)).collect();
    let far = any_page(&members);
    for (words, near) in [
        // There are too many of them to be remembered, as there are of the long one.
        ("all places of the house", any_page(&short_ones(world).await)),
        ("a workplace, all of it remembered", any_page(&[Pages::new(world, 0, short)])),
    ] {
        let words = format!("any old page of 30 posts (API) | {words}");
        line(&words, [(world, &near), (world, &far)], 1.1).await;
    }
}

/// A place with its old pages, and somebody who may read them.
struct Pages {
    at: At,
    seq: u64,
}

impl Pages {
    fn new(world: &World, person: usize, place: &Place) -> Self {
        Self { at: At::new(world, person, &place.id), seq: place.seq }
    }
}

/// Every short place of the house.
async fn short_ones(world: &World) -> Vec<Pages> {
    let mut known = BTreeMap::new();
    for person in 0..world.people() {
        for place in world.places(person).await {
            if place.seq < 1_000 {
                known.entry(place.id.clone()).or_insert_with(|| Pages::new(world, person, &place));
            }
        }
    }
    known.into_values().collect()
}

/// Pages from anywhere, in an order that looks like none.
fn any_page(of: &[Pages]) -> Make {
    const MANY: u64 = 10_007;
    let requests = (0..MANY).map(|number| {
        let Pages { at, seq } = &of[usize::try_from(number).expect("few") % of.len()];
        let before = 31 + number * 7_919 % MANY * (seq - 31) / MANY;
        let path = format!("/api/v1/groups/{}/posts?before={before}", at.group);
        let head = [("authorization", at.bearer.as_str()), ("accept", "application/json")];
        request("GET", &path, &head, "")
    });
    ops::these(requests.collect())
}
