//! The record as it lies in a copy: rows in no order, gathered and then gone through as in a house.

use super::head::{Head, against};
use super::store::Block;
use super::verify::{Flaw, Wrong, flaw};
use crate::events::{Marks, Written};
use std::collections::BTreeMap;

/// Events by their block, and the blocks.
#[derive(Default)]
pub struct Gathered {
    events: BTreeMap<i64, Vec<Written>>,
    waiting: Vec<Written>,
    blocks: BTreeMap<i64, Block>,
}

impl Gathered {
    pub fn event(&mut self, block: Option<i64>, event: Written) {
        match block {
            Some(block) => self.events.entry(block).or_default().push(event),
            None => self.waiting.push(event),
        }
    }

    pub fn block(&mut self, block: Block) {
        self.blocks.insert(block.number, block);
    }

    /// Whether a block bears a mark.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.blocks.values().any(|block| block.mac.is_some())
    }

    /// The first wrong place, as far as the head that was copied with it reaches.
    #[must_use]
    pub fn judge(mut self, marks: &Marks, head: &Head) -> Option<Wrong> {
        let mut before: Option<&Block> = None;
        for block in self.blocks.values() {
            let mut events = self.events.remove(&block.number).unwrap_or_default();
            events.sort_by_key(|event| event.id.0);
            if let Some(wrong) = flaw(marks, head.sealed, before, block, &events) {
                return Some(wrong);
            }
            before = Some(block);
        }
        if let Some(event) = self.waiting.iter().find(|event| !event.is_ours(marks)) {
            return Some(Wrong::event(event, 0));
        }
        let left: usize = self.events.values().map(Vec::len).sum();
        if left > 0 {
            let flaw = Flaw::Foreign { count: i64::try_from(left).unwrap_or(i64::MAX) };
            return Some(Wrong::of(flaw, 0));
        }
        let sealed = self.blocks.get(&head.sealed);
        if head.sealed > 0 && sealed.is_none_or(|block| block.hash != head.sealed_hash) {
            return Some(Wrong::of(Flaw::Rewritten, head.sealed));
        }
        match against(head, before, self.blocks.get(&head.number)) {
            // The head was read before the rows were.
            Some(Wrong { flaw: Flaw::HeadOld { .. }, .. }) => None,
            wrong => wrong,
        }
    }
}
