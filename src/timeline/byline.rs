//! Who wrote a post, as they stood then.

use crate::facilities::SeatCard;
use tasuki_law::nouns::Profession;

/// Name, profession and workplace of the moment of posting; sealed with the post.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Byline {
    pub family: String,
    pub given: String,
    pub profession: Profession,
    pub facility: String,
}

impl Byline {
    #[must_use]
    pub fn of(seat: &SeatCard) -> Self {
        Self {
            family: seat.family.clone(),
            given: seat.given.clone(),
            profession: seat.profession,
            facility: seat.facility_name.clone(),
        }
    }

    /// 「森山 みどり」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    /// What stands in the round face where there is no photo.
    #[must_use]
    pub fn initial(&self) -> String {
        self.family.chars().take(1).collect()
    }
}
