//! A crowd to try the house's strength on: made-up people who have written for a month.
//!
//! They act through the rooms' own verbs, so everything is sealed, counted and recorded as ever; only many at a
//! time, and at the end what nobody read or heard is set right in bulk.

#[cfg(test)]
mod counts;
mod crowd;
mod notes;
mod words;

use self::crowd::{STAFF, Shared, Worker};
use self::notes::Notes;
use super::{Said, open, people, said};
use crate::config::Plan;
use crate::house::{self, Rooms};
use crate::phrases::program as phrases;
use crate::{House, Outcome, Trouble, accounts, audit, errands, events, serve, timeline};
use futures_util::future::try_join_all;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::ops::Range;
use tasuki_base::Clock;
use tasuki_value::DAY;

/// The password of everybody.
pub const PASSWORD: &str = "mihon-no-aikotoba-2026";

/// What one step of the scale adds.
#[derive(Clone, Copy)]
struct Step {
    workplaces: usize,
    patients: usize,
    circles: usize,
    /// In the largest circle, in the second, and in each of the others: a post in the first should cost no more than
    /// in the second.
    sizes: [usize; 3],
    posts: usize,
    /// Letters of a post at least.
    letters: usize,
}

/// A thousand people and 150 groups.
const STEP: Step =
    Step { workplaces: 40, patients: 90, circles: 20, sizes: [800, 8, 30], posts: 20_000, letters: 0 };
/// 200 people who know each other: a group of all, fifty of forty, 200 posts of 200 letters in each place.
const TEAM: Step =
    Step { workplaces: 8, patients: 0, circles: 51, sizes: [200, 40, 40], posts: 59 * 200, letters: 200 };
/// Posts left unread everywhere.
const UNREAD: i64 = 2;
const LASTING: i64 = 30 * DAY;
/// So many are in the place with the long timeline.
const LONG_TEAM: usize = 40;
/// So many of one kind are made at the same time, and wait for the disk together.
const TOGETHER: usize = 20;

/// How large a sample is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// So many times a thousand people, 150 groups and 20,000 posts.
    pub scale: u32,
    /// One team of 200 instead.
    pub team: bool,
    /// So many posts more in one timeline; none: no such place.
    pub long: u32,
}

/// Somebody made up, as `people.json` names them.
#[derive(Serialize)]
struct Entry {
    mail: String,
    password: &'static str,
    token: String,
}

/// Fills an empty house with made-up people, what they share and what they wrote.
///
/// # Errors
/// Refuses a house in which anybody lives; says what is missing.
pub async fn sample(plan: Plan, size: Size) -> Said<()> {
    let house = open(&plan).await?;
    let empty = house.write(house::store::take_for_sample).await.map_err(trouble)?;
    if !empty {
        return Err(vec![phrases::lived_in(&plan.config.data)]);
    }
    let (step, steps) = if size.team { (TEAM, 1) } else { (STEP, size.scale.max(1) as usize) };
    let long = size.long as usize;
    let bar = ProgressBar::new((steps * step.work() + long) as u64);
    bar.set_style(ProgressStyle::with_template(phrases::SAMPLE_BAR).map_err(said)?);
    let tokens = fill(&house, step, steps, long, &bar).await.map_err(trouble)?;
    people::write(&plan.config.data, &tokens)?;
    bar.finish();
    println!("{}", phrases::sample(&plan.config.data, tokens.len(), PASSWORD));
    Ok(())
}

impl Step {
    const fn people(self) -> usize {
        self.workplaces * STAFF
    }

    /// How much of it the bar shows: people come, and get a token.
    const fn work(self) -> usize {
        2 * self.people() + self.patients + self.circles + self.posts
    }
}

fn trouble(trouble: Trouble) -> Vec<String> {
    said(phrases::no_sample(&format!("{trouble:?}")))
}

async fn fill(
    house: &House,
    step: Step,
    steps: usize,
    long: usize,
    bar: &ProgressBar,
) -> Outcome<Vec<Entry>> {
    house.db.filling().await?;
    let clock = Clock::fixed(house.now().minus(LASTING));
    let past = House::new(Rooms { clock: clock.clone(), ..Rooms::clone(house) });
    let password = house.hasher.hash(PASSWORD.to_owned(), &house.chance).await;
    let mut workers = Vec::new();
    let mut places = Vec::new();
    for number in 0..steps {
        let (more, shared) = settle_in(&past, step, number, &password, bar).await?;
        workers.extend(more);
        places.extend(shared);
    }
    let mut notes = Notes { places, posts: steps * step.posts, letters: step.letters, long: None };
    if long > 0 {
        let team = workers.iter().copied().take(LONG_TEAM).collect();
        notes.long = Some((crowd::circle(&past, team).await?, long));
    }
    notes::write(&past, &clock, notes, bar).await?;
    let entries = tokens(house, &workers, bar).await?;
    house.write(|tx| timeline::actions::read_almost_all(tx, UNREAD)).await?;
    house.write(events::hush).await?;
    serve::settle(house).await?;
    chain(house).await?;
    house.db.filled().await?;
    Ok(entries)
}

/// One step of the scale: its people, its workplaces, its patients and circles.
async fn settle_in(
    house: &House,
    step: Step,
    before: usize,
    password: &str,
    bar: &ProgressBar,
) -> Outcome<(Vec<Worker>, Vec<Shared>)> {
    let mut places = Vec::new();
    // Keys first, and each in its turn: the same house again from the same chance.
    for numbers in together(step.workplaces) {
        let keys = crowd::keys(house, numbers.len() * (STAFF + 1)).await?;
        let made = numbers.zip(keys.chunks(STAFF + 1)).map(|(number, keys)| {
            crowd::workplace(house, before * step.people() + number * STAFF, password, keys)
        });
        let made = try_join_all(made).await?;
        bar.inc((made.len() * STAFF) as u64);
        places.extend(made);
    }
    let workers: Vec<Worker> = places.iter().flat_map(|place| place.members.clone()).collect();
    for numbers in together(step.patients) {
        let keys = crowd::keys(house, numbers.len()).await?;
        let made = numbers.zip(keys).map(|(number, data_key)| {
            // Five of one workplace, four of the next two.
            let home = number % step.workplaces;
            let from = |place: usize, count: usize| {
                places[place % step.workplaces].members.iter().copied().take(count)
            };
            let team = from(home, 5).chain(from(home + 1, 2)).chain(from(home + 2, 2)).collect();
            crowd::patient(house, before * step.patients + number, team, data_key)
        });
        let made = try_join_all(made).await?;
        bar.inc(made.len() as u64);
        places.extend(made);
    }
    for number in 0..step.circles {
        let size = step.sizes[number.min(2)];
        let team = workers.iter().copied().cycle().skip(number * 37).take(size).collect();
        places.push(crowd::circle(house, team).await?);
        bar.inc(1);
    }
    Ok((workers, places))
}

fn together(count: usize) -> impl Iterator<Item = Range<usize>> {
    (0..count).step_by(TOGETHER).map(move |first| first..count.min(first + TOGETHER))
}

/// A program's token for everybody, made today: they end after a month.
async fn tokens(house: &House, workers: &[Worker], bar: &ProgressBar) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::with_capacity(workers.len());
    for batch in workers.chunks(250) {
        let tokens: Vec<_> = batch.iter().map(|worker| (worker.account, house.chance.token())).collect();
        for (_, token) in &tokens {
            let (mail, token) = (crowd::mail(entries.len()), token.text());
            entries.push(Entry { mail, password: PASSWORD, token });
        }
        let hashes: Vec<_> = tokens.iter().map(|(account, token)| (*account, token.hash())).collect();
        let made = house.write(move |tx| {
            hashes.iter().try_for_each(|(account, hash)| {
                accounts::actions::begin_token(tx, *account, *hash, words::TOKEN, "other").map(|_| ())
            })
        });
        made.await?;
        bar.inc(batch.len() as u64);
    }
    Ok(entries)
}

/// The record of use is chained now, not under the first load.
async fn chain(house: &House) -> Outcome<()> {
    let chained = (audit::CHAIN.run)(house.clone(), "null".to_owned()).await;
    chained.map_err(|errands::Failed { .. }| Trouble::broken("the chain was not made"))
}

#[cfg(test)]
mod tests {
    use super::{PASSWORD, Step, fill};
    use crate::testing::World;
    use crate::{audit, house};
    use axum::http::Method;
    use indicatif::ProgressBar;

    const FEW: Step =
        Step { workplaces: 3, patients: 4, circles: 2, sizes: [40, 8, 30], posts: 90, letters: 0 };

    #[tokio::test]
    async fn a_crowd_lives_by_the_rules_of_the_house() {
        let world = World::empty().await;
        assert!(world.house.write(house::store::take_for_sample).await.unwrap());
        let people = fill(&world.house, FEW, 1, 25, &ProgressBar::hidden()).await.unwrap();
        assert_eq!(people.len(), FEW.people());
        assert!(!world.house.write(house::store::take_for_sample).await.unwrap(), "somebody lives here now");

        let mut program = world.stranger();
        program.bear(&people[0].token);
        let home = program.ask(Method::GET, "/api/v1/home").await.expect(200).json();
        let places = home["places"].as_array().unwrap();
        assert!(places.len() >= 4, "{home}");
        assert!(places.iter().all(|place| [Some(10), Some(25)].contains(&place["seq"].as_i64())), "{home}");
        assert!(places.iter().all(|place| place["unread"].as_i64() <= Some(2)), "{home}");
        let signed = [("email", people[1].mail.as_str()), ("password", PASSWORD)];
        let _ = world.stranger().post("/sign-in", &signed).await.expect(303);

        assert_eq!(world.mails().await.len(), 0, "nobody real is written to");
        let house = &world.house;
        let chain = audit::verify_chain(&house.db, &house.marks, &house.vault).await.unwrap();
        assert!(chain.is_whole() && chain.events > 200, "{chain:?}");
        world.close().await;
    }
}
