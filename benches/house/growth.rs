//! What grows with the house: the same operations in a small house and in one many times its size, in turn, by the
//! processor time of the server; and then a timeline of very many posts.

use crate::client::{load, request};
use crate::ops::{self, At, Make};
use crate::table::{at_most, middle};
use crate::world::World;
use crate::{CLIENTS, disk, timelines};
use std::time::Duration;

/// How long one measurement lasts; each is taken [`ROUNDS`] times in both houses.
const SPAN: Duration = Duration::from_millis(1000);
const ROUNDS: usize = 3;
/// More people than a house answers in that time need not be made ready.
const EVERYBODY: usize = 20_000;
/// Posts of the long timeline for each step of the scale.
const LONG: u32 = 10_000;

pub async fn measure(scale: u32) {
    let (few, many) = ("1".to_owned(), scale.to_string());
    let (mut small, mut large) = (World::open(&few, None).await, World::open(&many, None).await);
    for (world, crowd) in [(&mut small, &few), (&mut large, &many)] {
        println!("{}", world.words(crowd));
        disk::measure(&world.file());
        starts(world).await;
    }
    println!("\n| operation | people | CPU ms, scale 1 | CPU ms, scale {scale} | ratio | aim |");
    println!("|---|--:|--:|--:|--:|---|");
    for people in [CLIENTS, 1_000, usize::MAX] {
        // The same few and the same thousand are at work in both houses; or everybody, in their so many more places.
        let (these, those) = (working(&small, people).await, working(&large, people).await);
        let who = format!("{} / {}", these.len(), those.len());
        for (words, act) in acts(people) {
            let make = (act(&these, &small).await, act(&those, &large).await);
            line(&format!("{words} | {who}"), [(&small, &make.0), (&large, &make.1)], 1.15).await;
        }
    }
    small.close();
    large.close();
    timelines::measure(scale * LONG).await;
}

/// Several times: from the start of the program to its first answer.
async fn starts(world: &mut World) {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        world.program.restart().await;
        times.push(world.program.started_in.as_secs_f64() * 1000.0);
    }
    let time = middle(times);
    println!("first answer after a start: {time:.0} ms ({})", at_most(time, 50.0, " ms"));
}

/// So many people, each at their own workplace: the first ones, or of everybody some everywhere.
async fn working(world: &World, most: usize) -> Vec<At> {
    let count = world.people().min(most).min(EVERYBODY);
    let mut people = Vec::with_capacity(count);
    for number in 0..count {
        let person = if most == usize::MAX { number * world.people() / count } else { number };
        let places = world.places(person).await;
        let work = places.iter().find(|place| place.kind == "facility").expect("a workplace");
        people.push(At::new(world, person, &work.id));
    }
    people
}

type Act = Box<dyn for<'a> Fn(&'a [At], &'a World) -> futures_util::future::LocalBoxFuture<'a, Make>>;

/// What they do: the first few everything, the others what needs no browser.
fn acts(people: usize) -> Vec<(&'static str, Act)> {
    let asks = |path: fn(&At) -> String| -> Act {
        Box::new(move |people, _| {
            let one = |at: &At| {
                let head = [("authorization", at.bearer.as_str()), ("accept", "application/json")];
                request("GET", &path(at), &head, "")
            };
            let requests = people.iter().map(one).collect();
            Box::pin(async { ops::these(requests) })
        })
    };
    let looks = |path: fn(&At) -> String| -> Act {
        Box::new(move |people, world| Box::pin(async move { ops::look(world, false, &path(&people[0])) }))
    };
    let mut acts = vec![
        ("newest 30 posts (API)", asks(|at| format!("/api/v1/groups/{}/posts", at.group))),
        ("an old page of 30 posts (API)", asks(|at| format!("/api/v1/groups/{}/posts?before=60", at.group))),
        ("home (API)", asks(|_| "/api/v1/home".to_owned())),
    ];
    if people == CLIENTS {
        acts.push(("timeline of 30 posts (page)", looks(|at| format!("/groups/{}", at.group))));
        acts.push(("home (page)", looks(|_| "/".to_owned())));
        acts.push((
            "acknowledge and take back",
            Box::new(|people, world| Box::pin(ops::acknowledge(world, people.to_vec()))),
        ));
    }
    acts.push((
        "durable post",
        Box::new(|people, _| {
            let writers = people.to_vec();
            Box::pin(async { ops::post(writers, CLIENTS) })
        }),
    ));
    if people == CLIENTS {
        // After the posts: there is something to read.
        acts.push((
            "read mark",
            Box::new(|people, world| Box::pin(ops::read_mark(world, people[1..].to_vec()))),
        ));
    }
    acts
}

/// The medians of both, taken in turn.
pub async fn line(words: &str, sides: [(&World, &Make); 2], most: f64) {
    let mut spent = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (spent, (world, make)) in spent.iter_mut().zip(sides) {
            let make = make.clone();
            let done = load(&[&world.program], CLIENTS, SPAN, move |client, turn| make(client, turn)).await;
            // The first one warms up.
            if round > 0 {
                spent.push(done.cpu);
            }
        }
    }
    let [few, many] = spent.map(middle);
    println!("| {words} | {few:.3} | {many:.3} | {:.2} | {} |", many / few, at_most(many / few, most, ""));
}
