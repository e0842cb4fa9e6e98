use std::ops::Deref;
use tasuki_value::Moment;

/// The right to one act on one thing, inside one transaction.
///
/// `A` is the act; it names the thing (`key.timeline`, `key.seat` …). Only a rule of this crate can cut
/// a key, and it cannot outlive the transaction whose [`Moment`] the facts carried.
#[derive(Debug)]
pub struct Key<'tx, A> {
    act: A,
    _moment: Moment<'tx>,
}

impl<'tx, A> Key<'tx, A> {
    pub(crate) const fn cut(moment: Moment<'tx>, act: A) -> Self {
        Self { act, _moment: moment }
    }
}

impl<A> Deref for Key<'_, A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.act
    }
}
