//! Where a node's open lines come up when they are rung, and in turn when nothing was heard. A few hands take them
//! from there, many at a time: what is the same for all of them is asked once.

use super::line::{Call, Line, Story, give_up};
use super::look::{self, Ask};
use super::told::ALIVE;
use crate::counts::Label;
use crate::{House, Outcome, Trouble};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tasuki_law::nouns::AccountId;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// Every line has its turn once in [`TURNS`] of these: law, session and seat are asked even when nothing is heard, and
/// a sign of life is given, for proxies that cut silent lines.
const TURN: Duration = Duration::from_secs(1);
const TURNS: usize = 30;
/// The first turn comes that much earlier at most: so lines that came at once are spread.
const SPREAD: usize = 10;
/// So many lines are looked for in one transaction at most.
const TOGETHER: usize = 64;
/// So long until the next try, and so many tries, when the house is too busy. A line that was cut for it would only
/// come back at once.
const REST: Duration = Duration::from_millis(200);
const TRIES: u32 = 100;

/// One a hub.
#[derive(Default)]
pub struct Desk {
    called: Mutex<VecDeque<Arc<Line>>>,
    bell: Notify,
    open: Mutex<Open>,
}

/// All open lines, by whose turn it is when.
#[derive(Default)]
struct Open {
    turns: VecDeque<Vec<Weak<Line>>>,
    /// How much earlier the next line has its first turn.
    next: usize,
    staffed: bool,
    /// Each person's, the oldest first.
    by_person: HashMap<AccountId, VecDeque<Weak<Line>>>,
}

impl Open {
    /// Gives the line its place among its person's; answers the oldest, if it has to go for it.
    fn seat(&mut self, line: &Arc<Line>, most: usize) -> Option<Arc<Line>> {
        let own = self.by_person.entry(line.who.account()?).or_default();
        own.retain(|line| line.upgrade().is_some_and(|line| !line.has_ended()));
        own.push_back(Arc::downgrade(line));
        if own.len() > most { own.pop_front()?.upgrade() } else { None }
    }
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// Takes in a line that has begun.
    pub fn enter(self: &Arc<Self>, house: &House, line: &Arc<Line>) {
        let oldest = hold(&self.open).seat(line, house.config.streams_each);
        // Outside the lock: what ends rings off.
        if let Some(oldest) = oldest {
            metrics::counter!("tasuki_lines_refused_total", "reason" => Label::fixed("person")).increment(1);
            oldest.end();
        }
        let mut open = hold(&self.open);
        open.turns.resize_with(TURNS, Vec::new);
        open.next = (open.next + 1) % SPREAD;
        let turn = TURNS - 1 - open.next;
        open.turns[turn].push(Arc::downgrade(line));
        if !std::mem::replace(&mut open.staffed, true) {
            tokio::spawn(keep(house.clone(), Arc::clone(self)));
        }
    }

    /// This line is to be looked for.
    pub fn call(&self, line: Arc<Line>) {
        hold(&self.called).push_back(line);
        self.bell.notify_one();
    }

    /// Those of these lines that heard nothing for a while are looked for all the same.
    pub(super) fn call_all(&self, lines: &[Arc<Line>]) {
        let idle = lines.iter().filter(|line| line.beat()).cloned().collect::<Vec<_>>();
        if !idle.is_empty() {
            hold(&self.called).extend(idle);
            self.bell.notify_one();
        }
    }

    fn take(&self) -> Vec<Arc<Line>> {
        let mut called = hold(&self.called);
        let count = called.len().min(TOGETHER);
        called.drain(..count).collect()
    }

    /// Whose turn it is; none at all: nobody listens any more, and the desk is left.
    fn turn(&self) -> Option<Vec<Arc<Line>>> {
        let mut open = hold(&self.open);
        let mut due = open.turns.pop_front().unwrap_or_default();
        due.retain(|line| line.strong_count() > 0);
        open.by_person.retain(|_, own| own.iter().any(|line| line.strong_count() > 0));
        let lines = due.iter().filter_map(Weak::upgrade).collect();
        open.turns.push_back(due);
        if open.turns.iter().all(Vec::is_empty) {
            open.staffed = false;
            open.by_person.clear();
            return None;
        }
        Some(lines)
    }

    pub(super) fn all(&self) -> Vec<Arc<Line>> {
        hold(&self.open).turns.iter().flatten().filter_map(Weak::upgrade).collect()
    }
}

/// Keeps the desk until nobody listens, or the house closes.
async fn keep(house: House, desk: Arc<Desk>) {
    let mut hands = JoinSet::new();
    for _ in 0..std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8) {
        hands.spawn(work(house.clone(), Arc::clone(&desk)));
    }
    let mut beat = tokio::time::interval(TURN);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut closing = std::pin::pin!(house.closing.clone().begun());
    loop {
        tokio::select! {
            biased;
            () = &mut closing => break,
            _ = beat.tick() => match desk.turn() {
                Some(lines) => desk.call_all(&lines),
                None => return,
            },
        }
    }
    hold(&desk.open).staffed = false;
    desk.all().iter().for_each(|line| line.tell(&[], true));
}

async fn work(house: House, desk: Arc<Desk>) {
    loop {
        let lines = desk.take();
        if lines.is_empty() {
            desk.bell.notified().await;
            continue;
        }
        // Rung while this hand was busy, another one may sleep.
        if !hold(&desk.called).is_empty() {
            desk.bell.notify_one();
        }
        attend(&house, lines.into_iter().filter_map(Line::take_up).collect()).await;
        tokio::task::yield_now().await;
    }
}

/// Looks for these lines together, and tells each what is its own.
async fn attend(house: &House, mut calls: Vec<Call>) {
    let asks: Arc<[Ask]> = calls.iter_mut().map(Ask::of).collect();
    match look_in_turn(house, &asks).await {
        Ok(found) => calls.into_iter().zip(found).for_each(|(call, found)| answer(call, found)),
        Err(trouble) => {
            trouble.log();
            calls.iter().for_each(|call| call.line.tell(&[], true));
        }
    }
}

async fn look_in_turn(house: &House, asks: &Arc<[Ask]>) -> Outcome<Vec<Outcome<look::Found>>> {
    for _ in 0..TRIES {
        let asks = Arc::clone(asks);
        match house.glance(move |tx| look::look(tx, &asks)).await {
            Err(Trouble::Busy) => tokio::time::sleep(REST).await,
            settled => return settled,
        }
    }
    Err(Trouble::Busy)
}

fn answer(call: Call, found: Outcome<look::Found>) {
    let Call { line, mut story, .. } = call;
    let told = match (&mut story, found) {
        (Story::Timeline(story), Ok(look::Found::Timeline(found))) => Ok(story.tell(found)),
        (Story::Person(story), Ok(look::Found::Person(found))) => story.tell(found),
        (_, Ok(_)) => Err(Trouble::broken("a look for another line")),
        (Story::Timeline(_), Err(Trouble::Refused(_))) => return line.tell(look::gone().as_bytes(), true),
        (_, Err(trouble)) => Err(trouble),
    };
    match told {
        Ok(bytes) => {
            line.put_back(story);
            line.tell(if bytes.is_empty() { ALIVE } else { &bytes }, false);
        }
        Err(trouble) => give_up(&line, trouble),
    }
}
