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
    /// How much care a person was found to need 要介護度.
    pub CareLevel {
        Support1 = "support_1", "要支援1";
        Support2 = "support_2", "要支援2";
        Care1 = "care_1", "要介護1";
        Care2 = "care_2", "要介護2";
        Care3 = "care_3", "要介護3";
        Care4 = "care_4", "要介護4";
        Care5 = "care_5", "要介護5";
        Independent = "independent", "自立";
        AppliedFor = "applied_for", "申請中";
        Unknown = "unknown", "不明";
    }
}

words! {
    /// What a patient's record holds, in the order of the card.
    pub PatientField {
        Name = "name", "氏名";
        Kana = "kana", "ふりがな";
        Sex = "sex", "性別";
        Birth = "birth", "生年月日";
        Memo = "memo", "一言メモ";
        CareLevel = "care_level", "要介護度";
        Diseases = "diseases", "疾患名";
        Medicines = "medicines", "薬歴";
        Allergies = "allergies", "アレルギー";
        Contacts = "contacts", "緊急連絡先";
        PostalCode = "postal_code", "郵便番号";
        Address = "address", "住所";
        Phone = "phone", "電話番号";
        Picture = "picture", "画像";
    }
}

words! {
    /// Who signs a consent or gives it by word.
    pub Signer {
        Patient = "patient", "患者さん本人";
        Family = "family", "ご家族";
        Representative = "representative", "代理人";
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

words! {
    /// By what a facility's record of use is narrowed.
    pub UseKind {
        SignIns = "sign_ins", "ログイン";
        Looks = "looks", "閲覧";
        Posts = "posts", "投稿・了解";
        Files = "files", "ファイル";
        Invitations = "invitations", "招待";
        Members = "members", "グループとメンバー";
        Patients = "patients", "患者さんの情報・同意";
        Facility = "facility", "施設とスタッフ";
        Operations = "operations", "運用";
    }
}
