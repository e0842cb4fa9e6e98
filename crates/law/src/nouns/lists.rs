//! The shorter closed lists: spec/glossary.md section 5.

use tasuki_value::words;

words! {
    /// What kind of person an account is.
    pub AccountKind {
        Professional = "professional", "医療介護従事者";
        Patient = "patient", "患者";
        FamilyMember = "family_member", "家族";
        Enterprise = "enterprise", "企業";
    }
}

words! {
    /// What kind of place a group is.
    pub GroupKind {
        Patient = "patient", "患者グループ";
        Free = "free", "自由グループ";
        Facility = "facility", "職場グループ";
    }
}

words! {
    /// Which timeline of a group.
    pub TimelineKind {
        Professional = "professional", "医療・介護側";
        Patient = "patient", "患者・家族側";
        MedicalInstitutions = "medical_institutions", "医療機関のみ";
    }
}

words! {
    /// Which of the two sides of a patient group; a person sees one side or both.
    pub Side {
        Professional = "professional", "医療・介護側";
        Patient = "patient", "患者・家族側";
    }
}

words! {
    /// What a member is in a group.
    pub MemberRole {
        Member = "member", "メンバー";
        Admin = "admin", "グループ管理者";
    }
}

words! {
    /// Sex as the forms ask it.
    pub Sex {
        Male = "male", "男性";
        Female = "female", "女性";
        NotStated = "not_stated", "答えない";
    }
}

words! {
    /// How consent was given.
    pub ConsentMethod {
        WrittenRegionForm = "written_region_form", "文書（地域の同意書）";
        WrittenOwnForm = "written_own_form", "文書（自施設の契約書・重要事項説明書など）";
        OralInPerson = "oral_in_person", "口頭（対面）";
        Telephone = "telephone", "電話";
        Other = "other", "その他";
    }
}

impl ConsentMethod {
    /// Whether a signed paper stands behind it.
    #[must_use]
    pub const fn is_written(self) -> bool {
        matches!(self, Self::WrittenRegionForm | Self::WrittenOwnForm)
    }
}

words! {
    /// Where the consent of a patient stands.
    pub ConsentState {
        Missing = "none", "同意なし";
        Valid = "valid", "同意済み";
        Withdrawn = "withdrawn", "同意撤回";
    }
}

words! {
    /// What an invitation leads to.
    pub InvitationKind {
        Facility = "facility", "職場への招待";
        Group = "group", "グループへの招待";
    }
}

words! {
    /// Where an invitation stands.
    pub InvitationState {
        AwaitingAdminApproval = "awaiting_admin_approval", "承認待ち";
        AwaitingConsent = "awaiting_consent", "同意待ち";
        AwaitingInvitee = "awaiting_invitee", "返事待ち";
        AwaitingRegistration = "awaiting_registration", "登録待ち";
        Accepted = "accepted", "参加";
        Declined = "declined", "参加しない";
        NotApproved = "not_approved", "却下";
        Cancelled = "cancelled", "取り消し";
        Expired = "expired", "期限切れ";
    }
}

words! {
    /// What a session was made for.
    pub SessionKind {
        Browser = "browser", "ブラウザ";
        Token = "token", "APIトークン";
    }
}

words! {
    /// What an uploaded file is.
    pub FileKind {
        Image = "image", "写真";
        Video = "video", "動画";
        Document = "document", "ファイル";
    }
}

words! {
    /// Why a post is no longer shown.
    pub RemovalKind {
        ByAuthor = "by_author", "投稿した人による取り消し";
        ByAdmin = "by_admin", "管理者による削除";
        WrongPatient = "wrong_patient", "患者さんの取り違え";
    }
}

words! {
    /// How large text is shown.
    pub TextSize {
        Medium = "m", "標準";
        Large = "l", "大";
        ExtraLarge = "xl", "特大";
    }
}
