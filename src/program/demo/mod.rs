//! The sample network: three workplaces, ten people, four patients and some days of their team's notes, made by
//! the house's own verbs and pages.

mod seed;
mod stories;

use super::{Said, open, people, serve};
use crate::config::{Plan, SamplePerson};
use crate::house::store;
use crate::phrases::program as words;
use crate::testing::cast::{ACTORS, Actor, PASSWORD, WORKPLACES};
use std::fs;
use tasuki_base::disk;

/// Opens the sample network in a folder of its own, making it the first time.
///
/// # Errors
/// Refuses a folder that holds something else; says what is missing.
pub async fn demo(plan: Plan) -> Said<()> {
    let (mut plan, listener) = serve::bind(plan).await?;
    let list = plan.config.data.join("people.json");
    let known = fs::read_to_string(&list).is_ok_and(|list| list.contains(&ACTORS[0].email()));
    if !known && disk::holds_something(&plan.config.data) {
        return Err(vec![words::not_a_demo(&plan.config.data)]);
    }
    plan.config.sample_people = cast().map(person).collect();
    let house = open(&plan).await?;
    if !known {
        if !house.write(store::take_for_sample).await.unwrap_or(false) {
            return Err(vec![words::not_a_demo(&plan.config.data)]);
        }
        eprintln!("{}", words::DEMO_SEEDING);
        seed::seed(&house).await;
        people::write(&plan.config.data, &plan.config.sample_people)?;
    }
    println!("{}\n", words::DEMO_PEOPLE);
    for one in &plan.config.sample_people {
        println!("  {}　{}\n    {}　{}", one.name, one.words, one.email, one.password);
    }
    println!("\n{}: {}", words::READY, house.config.url);
    serve::run(house, listener).await
}

/// Everyone but the outsider of the tests.
fn cast() -> impl Iterator<Item = &'static Actor> {
    ACTORS.iter().filter(|actor| actor.facility != "momiji")
}

fn person(actor: &'static Actor) -> SamplePerson {
    let place = WORKPLACES.iter().find(|place| place.key == actor.facility);
    SamplePerson {
        name: actor.name(),
        words: format!("{}・{}", actor.profession, place.map_or("", |place| place.name)),
        email: actor.email(),
        password: PASSWORD.to_owned(),
    }
}
