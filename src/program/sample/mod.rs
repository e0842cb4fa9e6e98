//! A crowd to try the house's strength on: made-up people who have written for a month.
//!
//! They act through the rooms' own verbs, so everything is sealed, counted and recorded as ever; only many at a
//! time, and at the end what nobody read or heard is set right in bulk.

#[cfg(test)]
mod counts;
mod crowd;
mod words;

use self::crowd::{STAFF, Shared, Worker};
use super::{Said, open, people, said};
use crate::config::Plan;
use crate::house::{self, Rooms};
use crate::phrases::program as phrases;
use crate::timeline::actions::{Publication, publish};
use crate::{House, Outcome, Trouble, accounts, acknowledgements, audit, errands, events, serve, timeline};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tasuki_base::Clock;
use tasuki_law::nouns::DraftId;
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

/// Somebody made up, as `people.json` names them.
#[derive(Serialize)]
struct Entry {
    mail: String,
    password: &'static str,
    token: String,
}

/// Fills an empty house with `scale` times a thousand people, 150 groups and 20,000 posts; or with one team of 200.
///
/// # Errors
/// Refuses a house in which anybody lives; says what is missing.
pub async fn sample(plan: Plan, scale: u32, team: bool) -> Said<()> {
    let house = open(&plan).await?;
    let empty = house.write(house::store::take_for_sample).await.map_err(trouble)?;
    if !empty {
        return Err(vec![phrases::lived_in(&plan.config.data)]);
    }
    let (step, steps) = if team { (TEAM, 1) } else { (STEP, scale.max(1) as usize) };
    let bar = ProgressBar::new((steps * step.work()) as u64);
    bar.set_style(ProgressStyle::with_template(phrases::SAMPLE_BAR).map_err(said)?);
    let tokens = fill(&house, step, steps, &bar).await.map_err(trouble)?;
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

async fn fill(house: &House, step: Step, steps: usize, bar: &ProgressBar) -> Outcome<Vec<Entry>> {
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
    write(&past, &clock, &places, (steps * step.posts, step.letters), bar).await?;
    let entries = tokens(house, &workers, bar).await?;
    house.write(|tx| timeline::actions::read_almost_all(tx, UNREAD)).await?;
    house.write(events::hush).await?;
    serve::settle(house).await?;
    chain(house).await?;
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
    for number in 0..step.workplaces {
        places.push(crowd::workplace(house, before * step.people() + number * STAFF, password).await?);
        bar.inc(STAFF as u64);
    }
    let workers: Vec<Worker> = places.iter().flat_map(|place| place.members.clone()).collect();
    for number in 0..step.patients {
        // Five of one workplace, four of the next two.
        let home = number % step.workplaces;
        let from =
            |place: usize, count: usize| places[place % step.workplaces].members.iter().copied().take(count);
        let team = from(home, 5).chain(from(home + 1, 2)).chain(from(home + 2, 2)).collect();
        places.push(crowd::patient(house, before * step.patients + number, team).await?);
        bar.inc(1);
    }
    for number in 0..step.circles {
        let size = step.sizes[number.min(2)];
        let team = workers.iter().copied().cycle().skip(number * 37).take(size).collect();
        places.push(crowd::circle(house, team).await?);
        bar.inc(1);
    }
    Ok((workers, places))
}

/// Round by round everywhere, so that a month passes in every place.
async fn write(
    house: &House,
    clock: &Clock,
    places: &[Shared],
    (posts, letters): (usize, usize),
    bar: &ProgressBar,
) -> Outcome<()> {
    const AT_ONCE: usize = 150;
    let span = LASTING / i64::try_from(posts).unwrap_or(1).max(1);
    let mut written = 0;
    while written < posts {
        let batch: Vec<(usize, Shared)> = (written..posts.min(written + AT_ONCE))
            .map(|number| (number, places[number % places.len()].clone()))
            .collect();
        let count = batch.len();
        house
            .write(move |tx| batch.iter().try_for_each(|(number, place)| one(tx, *number, letters, place)))
            .await?;
        written += count;
        clock.advance(span * i64::try_from(count).unwrap_or_default());
        bar.inc(count as u64);
    }
    Ok(())
}

fn one(tx: &mut crate::Tx, number: usize, letters: usize, place: &Shared) -> Outcome<()> {
    // Everyone has their turn, in an order that looks like none.
    let member =
        |turn: usize| place.members[number.wrapping_mul(31).wrapping_add(turn) % place.members.len()];
    let key = timeline::access::to_write(tx, &member(0).who(), place.group)?;
    let draft = DraftId(tx.draw());
    let post = publish(tx, &key, &Publication { draft, body: &words::note(number, letters), files: &[] })?;
    if number.is_multiple_of(4) {
        let key = timeline::access::to_acknowledge(tx, &member(1).who(), post)?;
        acknowledgements::actions::set(tx, &key, true)?;
    }
    Ok(())
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
        let people = fill(&world.house, FEW, 1, &ProgressBar::hidden()).await.unwrap();
        assert_eq!(people.len(), FEW.people());
        assert!(!world.house.write(house::store::take_for_sample).await.unwrap(), "somebody lives here now");

        let mut program = world.stranger();
        program.bear(&people[0].token);
        let home = program.ask(Method::GET, "/api/v1/home").await.expect(200).json();
        let places = home["places"].as_array().unwrap();
        assert!(places.len() >= 4, "{home}");
        assert!(places.iter().all(|place| place["seq"].as_i64() == Some(10)), "{home}");
        assert!(places.iter().all(|place| place["unread"].as_i64() <= Some(2)), "{home}");
        let signed = [("email", people[1].mail.as_str()), ("password", PASSWORD)];
        let _ = world.stranger().post("/sign-in", &signed).await.expect(303);

        assert_eq!(world.mails().await.len(), 0, "nobody real is written to");
        let chain = audit::verify_chain(&world.house.db).await.unwrap();
        assert!(chain.is_whole() && chain.events > 200, "{chain:?}");
        world.close().await;
    }
}
