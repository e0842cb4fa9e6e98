//! Who wrote a post, as they stood then.

use tasuki_base::text;
use tasuki_law::nouns::Profession;

/// Name, profession and workplace of the moment of posting; sealed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Byline {
    pub family: String,
    pub given: String,
    pub profession: Profession,
    pub facility: String,
}

impl Byline {
    /// 「森山 みどり」.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given).trim().to_owned()
    }

    /// What stands in the round face where there is no photo.
    #[must_use]
    pub fn initial(&self) -> String {
        text::initial(&self.family)
    }
}
