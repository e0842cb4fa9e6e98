use super::{AccountId, AccountKind, SessionId};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody signed in.
    Nobody,
    /// A person with a living session.
    Person(Person),
    /// The house itself, on an errand.
    System(SystemJob),
}

/// A signed-in person, as the session tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Person {
    pub account: AccountId,
    pub session: SessionId,
    pub kind: AccountKind,
    /// Runs the installation. A right over accounts and facilities, never over what is written.
    pub operator: bool,
}

/// The errands the house runs by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemJob {
    SendMail,
    Sweep,
    Seed,
}

impl Who {
    /// The person, if a person asks.
    #[must_use]
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::Person(person) => Some(person),
            Self::Nobody | Self::System(_) => None,
        }
    }

    /// The account, if a person asks.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person(person) => Some(person.account),
            Self::Nobody | Self::System(_) => None,
        }
    }
}
