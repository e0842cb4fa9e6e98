//! Which events belong to which heading of the record.

use tasuki_law::nouns::EventKind as K;
use tasuki_law::nouns::UseKind;

/// What a heading covers.
#[must_use]
pub const fn covered(heading: UseKind) -> &'static [K] {
    match heading {
        UseKind::SignIns => SIGN_INS,
        UseKind::Looks => LOOKS,
        UseKind::Posts => POSTS,
        UseKind::Files => FILES,
        UseKind::Invitations => INVITATIONS,
        UseKind::Members => MEMBERS,
        UseKind::Patients => PATIENTS,
        UseKind::Facility => FACILITY,
        UseKind::Operations => OPERATIONS,
    }
}

const SIGN_INS: &[K] = &[
    K::SignedIn,
    K::SignInFailed,
    K::SignedOut,
    K::SessionEnded,
    K::PasswordChanged,
    K::PasswordResetAsked,
    K::PasswordReset,
    K::TokenMade,
    K::SignInHeld,
    K::OwnPasswordWrong,
];
const LOOKS: &[K] = &[
    K::PlacesListed,
    K::PlaceSeen,
    K::InvitationSeen,
    K::PatientOpened,
    K::PatientFormOpened,
    K::PatientHistorySeen,
    K::PatientPhoneSeen,
    K::PatientPhotoSeen,
    K::PatientCodeSeen,
    K::ConsentSeen,
    K::ConsentFormOpened,
    K::TimelineOpened,
    K::PostOpened,
    K::PostHistorySeen,
    K::ReadersSeen,
    K::MembersSeen,
    K::RecordOpened,
];
const FILES: &[K] = &[K::FileOpened, K::FileGlanced, K::ConsentScanOpened];
const POSTS: &[K] =
    &[K::PostPublished, K::PostEdited, K::PostRemoved, K::PostAcknowledged, K::PostUnacknowledged];
const INVITATIONS: &[K] = &[
    K::InvitationMade,
    K::InvitationApproved,
    K::InvitationNotApproved,
    K::InvitationOpened,
    K::InvitationAccepted,
    K::InvitationDeclined,
    K::InvitationCancelled,
    K::InvitationAskedOtherwise,
];
const MEMBERS: &[K] = &[
    K::GroupMade,
    K::GroupChanged,
    K::MemberJoined,
    K::MemberAddedOneself,
    K::MemberLeft,
    K::MemberRemoved,
    K::MemberAppointed,
    K::MemberDismissed,
];
const PATIENTS: &[K] = &[
    K::PatientRegistered,
    K::PatientChanged,
    K::PatientFactsOpened,
    K::PatientFactsShut,
    K::ConsentRecorded,
    K::ConsentWithdrawn,
    K::KeyDestroyed,
];
const FACILITY: &[K] = &[
    K::AccountRegistered,
    K::RegistrationSubmitted,
    K::RegistrationRepeated,
    K::RegistrationCompleted,
    K::FacilityRegistered,
    K::FacilityChanged,
    K::FacilityVouched,
    K::SeatTaken,
    K::SeatEnded,
    K::SeatAdminGiven,
    K::SeatAdminTaken,
    K::ProfileChanged,
];

/// What the operator does with all that the house keeps: every facility reads it.
const OPERATIONS: &[K] = &[
    K::HouseStarted,
    K::DatabaseMigrated,
    K::BackupMade,
    K::BackupPruned,
    K::BackupVerified,
    K::Restored,
    K::HouseExamined,
    K::KeysSeen,
    K::MasterRotated,
    K::EpochTurned,
    K::KeyringMoved,
    K::KeySheetWritten,
    K::KeySheetChecked,
    K::MasterRecovered,
    K::RecordSeen,
    K::RecordSealed,
    K::RecordAccepted,
    K::EventsMissing,
];

#[cfg(test)]
mod tests {
    use super::{K, UseKind, covered};

    #[test]
    fn every_event_stands_under_one_heading() {
        for kind in K::ALL {
            let headings = UseKind::ALL.iter().filter(|heading| covered(**heading).contains(kind));
            assert_eq!(headings.count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn looks_stand_under_the_headings_of_looks() {
        let of_looks = [UseKind::Looks, UseKind::Files].map(covered);
        for kind in K::ALL {
            let stands = of_looks.iter().any(|covered| covered.contains(kind));
            assert_eq!(stands, kind.is_look(), "{kind:?}");
        }
    }
}
