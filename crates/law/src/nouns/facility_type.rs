//! Facility types 施設の種類: spec/glossary.md section 3, in its order.

tasuki_value::words! {
    /// What kind of place a facility is.
    pub FacilityType {
        Hospital = "hospital", "病院";
        Clinic = "clinic", "医科診療所";
        DentalClinic = "dental_clinic", "歯科診療所";
        MaternityHome = "maternity_home", "助産所";
        Pharmacy = "pharmacy", "保険薬局";
        CareManagementOffice = "care_management_office", "居宅介護支援事業所（ケアプランセンター）";
        HomeHelp = "home_help", "訪問介護事業所";
        HomeBathing = "home_bathing", "訪問入浴";
        VisitingNursing = "visiting_nursing", "訪問看護ステーション";
        VisitingRehabilitation = "visiting_rehabilitation", "訪問リハビリテーション";
        NightHomeHelp = "night_home_help", "夜間対応型訪問介護";
        RoundTheClockCare = "round_the_clock_care", "定期巡回・随時対応型訪問介護看護";
        DayService = "day_service", "通所介護（デイサービスセンター）";
        DayRehabilitation = "day_rehabilitation", "通所リハビリテーション（デイケア）";
        CommunityDayService = "community_day_service", "地域密着型通所介護";
        MedicalDayCare = "medical_day_care", "療養通所介護";
        DementiaDayService = "dementia_day_service", "認知症対応型通所介護";
        SmallMultifunction = "small_multifunction", "小規模多機能型居宅介護";
        NursingSmallMultifunction = "nursing_small_multifunction", "看護小規模多機能型居宅介護（複合型）";
        ShortStay = "short_stay", "短期入所生活介護";
        MedicalShortStay = "medical_short_stay", "短期入所療養介護";
        SpecialNursingHome = "special_nursing_home", "介護老人福祉施設（特養）";
        HealthFacilityForElderly = "health_facility_for_elderly", "介護老人保健施設（老健）";
        SanatoriumMedicalFacility = "sanatorium_medical_facility", "介護療養型医療施設";
        IntegratedCareFacility = "integrated_care_facility", "介護医療院";
        PaidHomeWithCare = "paid_home_with_care", "介護付有料老人ホーム";
        ResidentialPaidHome = "residential_paid_home", "住宅型有料老人ホーム";
        HealthyPaidHome = "healthy_paid_home", "健康型有料老人ホーム";
        LowCostHomeA = "low_cost_home_a", "軽費老人ホームA型";
        LowCostHomeB = "low_cost_home_b", "軽費老人ホームB型";
        LowCostHomeC = "low_cost_home_c", "軽費老人ホームC型（ケアハウス）";
        NursingCareHome = "nursing_care_home", "養護老人ホーム";
        GroupHome = "group_home", "認知症対応型共同生活介護（グループホーム）";
        ServicedSeniorHousing = "serviced_senior_housing", "サービス付き高齢者向け住宅";
        EquipmentRental = "equipment_rental", "福祉用具貸与・販売";
        CommunitySupportCenter = "community_support_center", "地域包括支援センター";
        HomeCareSupportCenter = "home_care_support_center", "在宅介護支援センター";
        HomeMedicalCoordinationCenter = "home_medical_coordination_center", "在宅医療・介護連携支援センター";
        MedicalAssociation = "medical_association", "医師会";
        DentalAssociation = "dental_association", "歯科医師会";
        PharmacistAssociation = "pharmacist_association", "薬剤師会";
        NursingAssociation = "nursing_association", "看護協会等の職能団体";
        LocalGovernment = "local_government", "市区町村・都道府県";
        PublicHealthCenter = "public_health_center", "保健所・保健センター";
        SocialWelfareCouncil = "social_welfare_council", "社会福祉協議会";
        DisabilityService = "disability_service", "障害福祉サービス事業所";
        DisabilityConsultation = "disability_consultation", "相談支援事業所";
        ChildDevelopmentSupport = "child_development_support", "児童発達支援・放課後等デイ";
        SchoolNursery = "school_nursery", "学校・保育所";
        FireDepartment = "fire_department", "消防・救急";
        AcupunctureMassageClinic = "acupuncture_massage_clinic", "施術所";
        UniversityResearch = "university_research", "大学・研究機関";
        Enterprise = "enterprise", "企業";
        Other = "other", "その他";
    }
}

impl FacilityType {
    /// Whether its members read what is shared between medical institutions only
    /// (医療機関: hospitals, clinics, dental clinics, maternity homes, pharmacies, visiting nursing).
    #[must_use]
    pub const fn is_medical_institution(self) -> bool {
        matches!(
            self,
            Self::Hospital
                | Self::Clinic
                | Self::DentalClinic
                | Self::MaternityHome
                | Self::Pharmacy
                | Self::VisitingNursing
        )
    }
}
