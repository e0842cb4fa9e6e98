//! The dictionary: ids and closed lists, each with its Japanese word once.

mod event_kind;
mod facility_type;
mod ids;
mod lists;
mod prefecture;
mod profession;
mod relationship;
mod who;

pub use event_kind::EventKind;
pub use facility_type::FacilityType;
pub use ids::*;
pub use lists::*;
pub use prefecture::PREFECTURES;
pub use profession::Profession;
pub use relationship::Relationship;
pub use who::{Person, SystemJob, Who};
