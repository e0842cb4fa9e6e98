/// Why no key was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is signed in: sign in first.
    SignIn,
    /// Not there, or not yours: one answer for both.
    Unseen,
    /// You know that it exists; this is why you may not.
    Because(Why),
}

/// A reason that may be told, since the person already knows of the thing. The words are in the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No consent of the patient is on record yet.
    NoConsent,
    /// The consent was withdrawn.
    ConsentWithdrawn,
    /// The group is closed.
    GroupClosed,
    /// Only an administrator of the facility does this.
    NotFacilityAdmin,
    /// Only an administrator of the group does this.
    NotGroupAdmin,
    /// Only the originating facility's staff do this.
    NotOriginating,
    /// The originating facility has not opened the facts to other members.
    FactsNotOpened,
    /// The last administrator needs a successor first.
    LastAdmin,
    /// The workplace's own group follows the staff list.
    FollowsStaff,
    /// Only care professionals take part here.
    ProfessionalsOnly,
    /// Only the author does this.
    NotAuthor,
    /// It was removed already.
    AlreadyRemoved,
    /// It was decided or answered already.
    AlreadyDecided,
    /// The time limit has passed.
    Expired,
    /// A facility is needed first: register or be invited to a workplace.
    NeedsSeat,
    /// One does not do this to oneself.
    NotOneself,
    /// Is a member already.
    AlreadyMember,
    /// So many letters went to this address that no more go today.
    TooManyMails,
}
