//! Shares of something scarce, by turns: nobody waits behind all that another wants.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// How much there is, and how much of it one may have.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// In all.
    pub total: u32,
    /// At once, of one.
    pub each: u32,
    /// Wishes of one that wait; one more is refused at once.
    pub waiting: usize,
}

/// As many wishes of this one wait already as may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crowded;

/// Something scarce, shared by turns among those who ask. Cheap to clone.
pub struct Fair<K: Eq + Hash + Clone>(Arc<Desk<K>>);

struct Desk<K: Eq + Hash + Clone> {
    rule: Rule,
    state: Mutex<State<K>>,
}

struct State<K: Eq + Hash + Clone> {
    free: u32,
    held: HashMap<K, u32>,
    waiting: HashMap<K, VecDeque<Wish<K>>>,
    /// Those who wait, each once: whose turn it is next stands first.
    turns: VecDeque<K>,
}

struct Wish<K: Eq + Hash + Clone> {
    wanted: u32,
    told: oneshot::Sender<Seat<K>>,
}

/// A share that is held; given back when it is dropped.
pub struct Seat<K: Eq + Hash + Clone> {
    desk: Option<Arc<Desk<K>>>,
    who: K,
    amount: u32,
}

impl<K: Eq + Hash + Clone> Fair<K> {
    /// All of it is free.
    #[must_use]
    pub fn new(rule: Rule) -> Self {
        let state =
            State { free: rule.total, held: HashMap::new(), waiting: HashMap::new(), turns: VecDeque::new() };
        Self(Arc::new(Desk { rule, state: Mutex::new(state) }))
    }

    /// So much of it, once it is this one's turn; never more than one may have.
    ///
    /// # Errors
    /// [`Crowded`], at once.
    pub async fn take(&self, who: K, wanted: u32) -> Result<Seat<K>, Crowded> {
        let most = self.0.rule.each.min(self.0.rule.total);
        let (told, coming) = oneshot::channel();
        let wish = Wish { wanted: wanted.clamp(1, most), told };
        self.0.wait(who, wish)?;
        coming.await.map_err(|_| Crowded)
    }
}

impl<K: Eq + Hash + Clone> Clone for Fair<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Eq + Hash + Clone> Desk<K> {
    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(self: &Arc<Self>, who: K, wish: Wish<K>) -> Result<(), Crowded> {
        let mut state = self.state();
        let line = state.waiting.entry(who.clone()).or_default();
        // Who has gone away waits for nothing.
        line.retain(|wish| !wish.told.is_closed());
        if line.len() > self.rule.waiting {
            return Err(Crowded);
        }
        line.push_back(wish);
        if !state.turns.contains(&who) {
            state.turns.push_back(who);
        }
        self.serve(&mut state);
        Ok(())
    }

    /// Gives what is free to those whose turn it is. A large wish whose turn it is is waited for, so that small
    /// ones cannot keep it waiting for ever; who holds their whole share is passed over.
    fn serve(self: &Arc<Self>, state: &mut State<K>) {
        let mut passed = 0;
        while passed < state.turns.len() {
            let who = state.turns[passed].clone();
            let Some(wanted) = state.first_wish(&who) else {
                state.turns.remove(passed);
                state.waiting.remove(&who);
                continue;
            };
            let held = state.held.get(&who).copied().unwrap_or_default();
            if held + wanted > self.rule.each {
                passed += 1;
                continue;
            }
            if wanted > state.free {
                return;
            }
            self.give(state, &who);
            state.turns.remove(passed);
            state.turns.push_back(who);
            passed = 0;
        }
    }

    fn give(self: &Arc<Self>, state: &mut State<K>, who: &K) {
        let Some(wish) = state.waiting.get_mut(who).and_then(VecDeque::pop_front) else { return };
        let seat = Seat { desk: Some(Arc::clone(self)), who: who.clone(), amount: wish.wanted };
        match wish.told.send(seat) {
            Ok(()) => {
                state.free -= wish.wanted;
                *state.held.entry(who.clone()).or_default() += wish.wanted;
            }
            // Gone in this moment: nothing was taken, so nothing is given back.
            Err(mut seat) => seat.desk = None,
        }
    }
}

impl<K: Eq + Hash + Clone> State<K> {
    /// What the first of those wants who still waits.
    fn first_wish(&mut self, who: &K) -> Option<u32> {
        let line = self.waiting.get_mut(who)?;
        while line.front().is_some_and(|wish| wish.told.is_closed()) {
            line.pop_front();
        }
        line.front().map(|wish| wish.wanted)
    }
}

impl<K: Eq + Hash + Clone> Drop for Seat<K> {
    fn drop(&mut self) {
        let Some(desk) = self.desk.take() else { return };
        let mut state = desk.state();
        state.free += self.amount;
        if let Some(held) = state.held.get_mut(&self.who) {
            *held -= self.amount;
            if *held == 0 {
                state.held.remove(&self.who);
            }
        }
        desk.serve(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use super::{Crowded, Fair, Rule, Seat};
    use std::time::Duration;
    use tokio::time::timeout;

    const RULE: Rule = Rule { total: 10, each: 4, waiting: 5 };

    async fn soon(fair: &Fair<&'static str>, who: &'static str, wanted: u32) -> Option<Seat<&'static str>> {
        timeout(Duration::from_millis(50), fair.take(who, wanted)).await.ok().and_then(Result::ok)
    }

    #[tokio::test]
    async fn one_who_wants_everything_gets_their_share() {
        let fair = Fair::new(RULE);
        let first = soon(&fair, "a", 2).await.unwrap();
        let _second = soon(&fair, "a", 2).await.unwrap();
        assert!(soon(&fair, "a", 1).await.is_none(), "the share is held");
        let _other = soon(&fair, "b", 4).await.expect("another is not in the way");
        drop(first);
        assert!(soon(&fair, "a", 1).await.is_some());
    }

    #[tokio::test]
    async fn more_than_a_share_is_the_share() {
        let fair = Fair::new(RULE);
        assert_eq!(soon(&fair, "a", 400).await.unwrap().amount, 4);
    }

    #[tokio::test]
    async fn whose_turn_it_is_goes_before_who_has_had_one() {
        let fair = Fair::new(Rule { total: 1, each: 1, waiting: 100 });
        let seat = fair.take("a", 1).await.unwrap();
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        for who in ["a"; 24].into_iter().chain(["b"]) {
            let (fair, told) = (fair.clone(), told.clone());
            tokio::spawn(async move {
                let _seat = fair.take(who, 1).await.unwrap();
                told.send(who).unwrap();
            });
            tokio::task::yield_now().await;
        }
        drop(seat);
        let order = [heard.recv().await, heard.recv().await];
        assert!(order.contains(&Some("b")), "{order:?}");
    }

    #[tokio::test]
    async fn who_went_away_leaves_nothing_behind() {
        let fair = Fair::new(Rule { total: 4, each: 4, waiting: 2 });
        let seat = fair.take("a", 4).await.unwrap();
        for _ in 0..10 {
            assert!(soon(&fair, "b", 4).await.is_none());
        }
        drop(seat);
        drop(soon(&fair, "c", 4).await.expect("nobody waits any more"));
        assert!(fair.0.state().held.is_empty() && fair.0.state().free == 4);
    }

    #[tokio::test]
    async fn too_many_wishes_of_one_are_refused_at_once() {
        let fair = Fair::new(RULE);
        let _seat = fair.take("a", 4).await.unwrap();
        let lines = (0..6).map(|_| {
            tokio::spawn({
                let fair = fair.clone();
                async move { fair.take("a", 1).await.err() }
            })
        });
        let lines = lines.collect::<Vec<_>>();
        tokio::task::yield_now().await;
        assert_eq!(fair.take("a", 1).await.err(), Some(Crowded));
        assert!(soon(&fair, "b", 1).await.is_some());
        lines.iter().for_each(tokio::task::JoinHandle::abort);
    }

    #[tokio::test]
    async fn a_large_wish_is_not_kept_waiting_by_small_ones() {
        let fair = Fair::new(Rule { total: 4, each: 4, waiting: 9 });
        let small = fair.take("a", 1).await.unwrap();
        let large = tokio::spawn({
            let fair = fair.clone();
            async move { fair.take("b", 4).await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(soon(&fair, "c", 1).await.is_none());
        drop(small);
        assert!(large.await.unwrap());
    }
}
