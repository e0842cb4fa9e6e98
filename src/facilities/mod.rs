//! Facilities and seats: who works where.

pub(crate) mod access;
pub mod actions;
pub mod api;
pub(crate) mod store;

pub(crate) use store::STATEMENTS;
pub use store::{FacilityCard, SeatCard};

use crate::{Outcome, Trouble, Tx};
use tasuki_law::nouns::{AccountId, FacilityId, SeatId, Who};
use tasuki_law::rules::MySeat;
use tasuki_law::{Refusal, Why};

/// What a facility's address block holds; sealed under the facility's key.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Details {
    pub prefecture: String,
    /// 市区町村以下.
    pub address: String,
    pub building: String,
    /// Digits only.
    pub phone: String,
}

/// The living seat of an account at a facility.
pub fn seat_at(tx: &mut Tx, account: AccountId, facility: FacilityId) -> Outcome<Option<MySeat>> {
    store::seat_at(tx, account, facility)
}

/// Every living seat of an account, oldest first.
pub fn seats_of(tx: &mut Tx, account: AccountId) -> Outcome<Vec<SeatCard>> {
    store::seats_of(tx, account)
}

/// Where the asker works now.
pub fn own(tx: &mut Tx, who: &Who) -> Outcome<Vec<FacilityId>> {
    let Some(account) = who.account() else { return Ok(Vec::new()) };
    Ok(store::seats_of(tx, account)?.into_iter().map(|seat| seat.facility).collect())
}

/// One seat, living or ended.
pub fn seat(tx: &mut Tx, seat: SeatId) -> Outcome<SeatCard> {
    store::seat(tx, seat)
}

/// Every living seat at a facility, administrators first, then by kana.
pub fn staff(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<SeatCard>> {
    store::staff(tx, facility)
}

/// Name, type and policy of a facility: what every page may show.
pub fn card(tx: &mut Tx, facility: FacilityId) -> Outcome<FacilityCard> {
    store::card(tx, facility)
}

/// The facilities at a postal code: the one thing the public may look up.
pub fn at_postal_code(tx: &mut Tx, code: &str) -> Outcome<Vec<FacilityCard>> {
    store::at_postal_code(tx, code)
}

/// The address block.
pub fn details(tx: &mut Tx, facility: FacilityId) -> Outcome<Details> {
    store::details(tx, facility)
}

/// The asker's own living seat: the one at the facility they chose, else their oldest.
pub fn my_seat(tx: &mut Tx, who: &Who, chosen: Option<FacilityId>) -> Outcome<SeatCard> {
    let Some(account) = who.account() else { return Err(Trouble::Refused(Refusal::SignIn)) };
    let seats = store::seats_of(tx, account)?;
    if seats.is_empty() {
        return Err(Trouble::because(Why::NeedsSeat));
    }
    let mut mine = seats.into_iter().filter(|seat| chosen.is_none_or(|facility| seat.facility == facility));
    mine.next().ok_or_else(Trouble::unseen)
}
