//! Professions 職種: spec/glossary.md section 2, in its order.

tasuki_value::words! {
    /// What a professional is trained for or works as.
    pub Profession {
        Physician = "physician", "医師";
        Dentist = "dentist", "歯科医師";
        Pharmacist = "pharmacist", "薬剤師";
        RegisteredNurse = "registered_nurse", "看護師";
        AssistantNurse = "assistant_nurse", "准看護師";
        PublicHealthNurse = "public_health_nurse", "保健師";
        Midwife = "midwife", "助産師";
        CertifiedSpecialistNurse = "certified_specialist_nurse", "認定看護師・専門看護師";
        MedicalSocialWorker = "medical_social_worker", "医療ソーシャルワーカー (MSW)";
        SocialWorker = "social_worker", "社会福祉士";
        PsychiatricSocialWorker = "psychiatric_social_worker", "精神保健福祉士";
        CareManager = "care_manager", "介護支援専門員・ケアマネジャー";
        ChiefCareManager = "chief_care_manager", "主任介護支援専門員";
        CertifiedCareWorker = "certified_care_worker", "介護福祉士";
        HomeHelper = "home_helper", "訪問介護員・ヘルパー";
        HelperCoordinator = "helper_coordinator", "サービス提供責任者";
        CareWorker = "care_worker", "介護職員";
        PhysicalTherapist = "physical_therapist", "理学療法士 (PT)";
        OccupationalTherapist = "occupational_therapist", "作業療法士 (OT)";
        SpeechTherapist = "speech_therapist", "言語聴覚士 (ST)";
        RegisteredDietitian = "registered_dietitian", "管理栄養士";
        Dietitian = "dietitian", "栄養士";
        DentalHygienist = "dental_hygienist", "歯科衛生士";
        DentalTechnician = "dental_technician", "歯科技工士";
        ClinicalLaboratoryTechnologist = "clinical_laboratory_technologist", "臨床検査技師";
        RadiologicalTechnologist = "radiological_technologist", "診療放射線技師";
        ClinicalEngineer = "clinical_engineer", "臨床工学技士";
        Psychologist = "psychologist", "公認心理師・臨床心理士";
        Orthoptist = "orthoptist", "視能訓練士";
        ProsthetistOrthotist = "prosthetist_orthotist", "義肢装具士";
        JudoTherapist = "judo_therapist", "柔道整復師";
        MassageTherapist = "massage_therapist", "あん摩マッサージ指圧師";
        Acupuncturist = "acupuncturist", "はり師・きゅう師";
        RegisteredSeller = "registered_seller", "登録販売者";
        EmergencyLifeSavingTechnician = "emergency_life_saving_technician", "救急救命士";
        EquipmentSpecialist = "equipment_specialist", "福祉用具専門相談員";
        HousingCoordinator = "housing_coordinator", "福祉住環境コーディネーター";
        LifeCounsellor = "life_counsellor", "生活相談員・支援相談員";
        DisabilitySupportConsultant = "disability_support_consultant", "相談支援専門員";
        ServiceManager = "service_manager", "サービス管理責任者";
        LifeSupportWorker = "life_support_worker", "生活支援員";
        ChildMedicalCareCoordinator = "child_medical_care_coordinator", "医療的ケア児等コーディネーター";
        HomeCareCoordinator = "home_care_coordinator", "在宅医療・介護連携コーディネーター";
        CommunitySupportCenterStaff = "community_support_center_staff", "地域包括支援センター職員";
        HomeCareSupportCenterStaff = "home_care_support_center_staff", "在宅介護支援センター職員";
        CouncilSocialWelfareStaff = "council_social_welfare_staff", "社会福祉協議会職員";
        LocalGovernmentOfficer = "local_government_officer", "行政職員";
        AssociationStaff = "association_staff", "医師会等事務局職員";
        MedicalClerk = "medical_clerk", "医療事務・事務職";
        PhysicianAssistantClerk = "physician_assistant_clerk", "医師事務作業補助者";
        NurseryTeacher = "nursery_teacher", "保育士";
        SchoolNurse = "school_nurse", "養護教諭";
        WelfareCommissioner = "welfare_commissioner", "民生委員";
        AdultGuardian = "adult_guardian", "成年後見人等";
        Researcher = "researcher", "研究者・教員";
        Student = "student", "学生・研修生";
        EnterpriseStaff = "enterprise_staff", "企業担当者";
        Other = "other", "その他";
    }
}
