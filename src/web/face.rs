//! The round face beside a name: a photo, or a letter on the colour of the profession.

use tasuki_law::nouns::{AccountId, Profession, UploadId};

/// The colour of a profession, as the style sheet numbers them.
#[must_use]
pub const fn tint(profession: Profession) -> u8 {
    use Profession as P;
    match profession {
        P::Physician | P::Dentist => 1,
        P::RegisteredNurse
        | P::AssistantNurse
        | P::PublicHealthNurse
        | P::Midwife
        | P::CertifiedSpecialistNurse => 2,
        P::CareManager | P::ChiefCareManager => 3,
        P::Pharmacist | P::RegisteredSeller => 4,
        P::CertifiedCareWorker | P::HomeHelper | P::HelperCoordinator | P::CareWorker => 5,
        P::PhysicalTherapist | P::OccupationalTherapist | P::SpeechTherapist | P::DentalHygienist => 6,
        P::MedicalSocialWorker | P::SocialWorker | P::PsychiatricSocialWorker => 7,
        _ => 0,
    }
}

/// Where a colleague's photo is; empty when there is none.
#[must_use]
pub fn photo(account: AccountId, photo: Option<UploadId>) -> String {
    photo.map_or_else(String::new, |_| where_photo_is(account))
}

/// Where the photo of somebody is who has one.
#[must_use]
pub fn where_photo_is(account: AccountId) -> String {
    format!("/accounts/{account}/photo")
}
