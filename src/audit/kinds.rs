//! Which events belong to which heading of the record.

use tasuki_law::nouns::{EventKind, UseKind};

/// What a heading covers.
#[must_use]
pub const fn covered(heading: UseKind) -> &'static [EventKind] {
    use EventKind as K;
    match heading {
        UseKind::SignIns => &[
            K::SignedIn,
            K::SignInFailed,
            K::SignedOut,
            K::SessionEnded,
            K::PasswordChanged,
            K::PasswordResetAsked,
            K::PasswordReset,
            K::TokenMade,
        ],
        UseKind::Looks => {
            &[K::PatientOpened, K::PatientCodeSeen, K::ConsentSeen, K::TimelineOpened, K::MembersSeen]
        }
        UseKind::Posts => {
            &[K::PostPublished, K::PostEdited, K::PostRemoved, K::PostAcknowledged, K::PostUnacknowledged]
        }
        UseKind::Files => &[K::FileOpened],
        UseKind::Invitations => &[
            K::InvitationMade,
            K::InvitationApproved,
            K::InvitationNotApproved,
            K::InvitationOpened,
            K::InvitationAccepted,
            K::InvitationDeclined,
            K::InvitationCancelled,
            K::InvitationAskedOtherwise,
        ],
        UseKind::Members => &[
            K::GroupMade,
            K::GroupChanged,
            K::MemberJoined,
            K::MemberAddedOneself,
            K::MemberLeft,
            K::MemberRemoved,
            K::MemberAppointed,
            K::MemberDismissed,
        ],
        UseKind::Patients => &[
            K::PatientRegistered,
            K::PatientChanged,
            K::PatientFactsOpened,
            K::PatientFactsShut,
            K::ConsentRecorded,
            K::ConsentWithdrawn,
            K::KeyDestroyed,
        ],
        UseKind::Facility => &[
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
        ],
    }
}
