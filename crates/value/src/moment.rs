use std::marker::PhantomData;

/// The lifetime of one transaction, without the transaction.
///
/// `law` ties its keys to it, so that a key cut inside a transaction opens nothing after it.
/// Invariant in `'tx`: a longer or shorter life cannot be pretended.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'tx>(PhantomData<fn(&'tx ()) -> &'tx ()>);

impl<'tx> Moment<'tx> {
    /// The moment of the transaction that `anchor` belongs to; only the database layer has one to offer.
    pub fn of<T: ?Sized>(_anchor: &'tx T) -> Self {
        Self(PhantomData)
    }
}
