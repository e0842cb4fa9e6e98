//! The ids of everything that has one.

tasuki_value::id! {
    /// A person (one mail address).
    pub AccountId;
    /// A signed-in device or an API token.
    pub SessionId;
    /// A workplace.
    pub FacilityId;
    /// An account at a facility.
    pub SeatId;
    /// A record of one patient, held by one originating facility.
    pub PatientId;
    /// A place with members and timelines.
    pub GroupId;
    /// A membership of a seat in a group.
    pub MemberId;
    /// One stream of posts inside a group.
    pub TimelineId;
    /// Something written into a timeline.
    pub PostId;
    /// Something written and not yet posted; also the key that makes posting twice post once.
    pub DraftId;
    /// A file on its way in, or in.
    pub UploadId;
    /// An invitation to a facility or to a group.
    pub InvitationId;
    /// A consent on record.
    pub ConsentId;
    /// A sign-up under way.
    pub RegistrationId;
    /// A form that was sent after its session had ended.
    pub KeptId;
    /// A one-time link sent by mail.
    pub LinkId;
    /// Something that happened.
    pub EventId;
    /// Something to be done later.
    pub JobId;
}
