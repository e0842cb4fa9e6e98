//! Relationships 続柄: spec/glossary.md section 4, in its order.

tasuki_value::words! {
    /// What a person is to the patient.
    pub Relationship {
        SelfPatient = "self", "本人";
        Husband = "husband", "夫";
        Wife = "wife", "妻";
        Partner = "partner", "内縁・パートナー";
        Son = "son", "息子";
        Daughter = "daughter", "娘";
        SonInLaw = "son_in_law", "婿（娘の夫）";
        DaughterInLaw = "daughter_in_law", "嫁（息子の妻）";
        Father = "father", "父";
        Mother = "mother", "母";
        FatherInLaw = "father_in_law", "義父";
        MotherInLaw = "mother_in_law", "義母";
        ElderBrother = "elder_brother", "兄";
        YoungerBrother = "younger_brother", "弟";
        ElderSister = "elder_sister", "姉";
        YoungerSister = "younger_sister", "妹";
        SiblingInLaw = "sibling_in_law", "義理の兄弟姉妹";
        Grandfather = "grandfather", "祖父";
        Grandmother = "grandmother", "祖母";
        Grandchild = "grandchild", "孫";
        GrandchildInLaw = "grandchild_in_law", "孫の配偶者";
        UncleAunt = "uncle_aunt", "おじ・おば";
        NephewNiece = "nephew_niece", "甥・姪";
        Cousin = "cousin", "いとこ";
        OtherRelative = "other_relative", "その他の親族";
        ParentalAuthority = "parental_authority", "親権者";
        AdultGuardian = "adult_guardian", "成年後見人";
        Curator = "curator", "保佐人";
        Assistant = "assistant", "補助人";
        VoluntaryGuardian = "voluntary_guardian", "任意後見人";
        Guarantor = "guarantor", "身元保証人";
        Friend = "friend", "友人・知人";
        Neighbour = "neighbour", "近隣の人";
        WelfareCommissioner = "welfare_commissioner", "民生委員";
        FacilityStaff = "facility_staff", "施設職員（代筆）";
        Other = "other", "その他";
    }
}
