//! What happens to a profile.

use crate::accounts::PersonCard;
use crate::media::{self, Purpose};
use crate::{Outcome, Tx, accounts, facilities};
use tasuki_law::nouns::UploadId;

/// Changes what one tells of oneself; the seats follow a new profession.
pub fn change(tx: &mut Tx, card: &PersonCard, about: &str) -> Outcome<()> {
    let before = accounts::card(tx, card.account)?.profession;
    accounts::actions::change_profile(tx, card, about)?;
    if before != card.profession {
        facilities::actions::follow_profession(tx, card.account, before, card.profession)?;
    }
    Ok(())
}

/// Puts a photo that came in into its place, or none; the one before is erased for good.
pub fn change_photo(tx: &mut Tx, purpose: &Purpose, photo: Option<UploadId>) -> Outcome<()> {
    let before = accounts::card(tx, purpose.account)?.photo;
    if let Some(photo) = photo {
        media::keep(tx, purpose, photo)?;
    }
    accounts::actions::change_photo(tx, purpose.account, photo)?;
    match before.filter(|before| Some(*before) != photo) {
        Some(before) => media::erase_one(tx, before),
        None => Ok(()),
    }
}
