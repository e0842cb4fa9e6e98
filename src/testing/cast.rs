//! Named people at named workplaces.

use tasuki_law::nouns::{FacilityType, Profession};

/// A person of the cast.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// How tests call them.
    pub key: &'static str,
    pub family: &'static str,
    pub given: &'static str,
    pub family_kana: &'static str,
    pub given_kana: &'static str,
    pub profession: Profession,
    /// The workplace, by its key.
    pub facility: &'static str,
    pub admin: bool,
}

/// A workplace of the cast.
#[derive(Clone, Copy, Debug)]
pub struct Workplace {
    pub key: &'static str,
    pub name: &'static str,
    pub kind: FacilityType,
    pub postal_code: &'static str,
    pub prefecture: &'static str,
    pub address: &'static str,
    pub phone: &'static str,
}

impl Actor {
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@example.jp", self.key)
    }

    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.family, self.given)
    }
}

/// The password everyone of the cast shares.
pub const PASSWORD: &str = "asagao-no-michi-2026";

/// Three workplaces around the patients, and one that has nothing to do with them.
pub const WORKPLACES: &[Workplace] = &[
    Workplace {
        key: "aozora",
        name: "あおぞら在宅クリニック",
        kind: FacilityType::Clinic,
        postal_code: "7000835",
        prefecture: "岡山県",
        address: "岡山市北区中井町1-2-3",
        phone: "0000000001",
    },
    Workplace {
        key: "minami",
        name: "みなみケアプランセンター",
        kind: FacilityType::CareManagementOffice,
        postal_code: "7028022",
        prefecture: "岡山県",
        address: "岡山市南区福成2-4-6",
        phone: "0000000002",
    },
    Workplace {
        key: "tsubame",
        name: "つばめ薬局",
        kind: FacilityType::Pharmacy,
        postal_code: "7000901",
        prefecture: "岡山県",
        address: "岡山市北区本町3-5",
        phone: "0000000003",
    },
    Workplace {
        key: "momiji",
        name: "もみじ訪問看護ステーション",
        kind: FacilityType::VisitingNursing,
        postal_code: "7038281",
        prefecture: "岡山県",
        address: "岡山市中区門田屋敷1-1",
        phone: "0000000004",
    },
];

macro_rules! cast {
    ($($key:literal $family:literal $given:literal $fk:literal $gk:literal $profession:ident $facility:literal $admin:literal;)+) => {
        &[$(Actor {
            key: $key,
            family: $family,
            given: $given,
            family_kana: $fk,
            given_kana: $gk,
            profession: Profession::$profession,
            facility: $facility,
            admin: $admin,
        },)+]
    };
}

/// Saeki runs the clinic, Moriyama and Kiyono nurse there, Kishi keeps its office, Hayashi is its therapist;
/// Yamada manages care, Okubo and Ota help at home; Tsuda and Nishi dispense. Mori nurses elsewhere and is an
/// outsider to every patient of the others.
pub const ACTORS: &[Actor] = cast! {
    "saeki" "佐伯" "健一" "さえき" "けんいち" Physician "aozora" true;
    "moriyama" "森山" "みどり" "もりやま" "みどり" RegisteredNurse "aozora" false;
    "kiyono" "清野" "ももこ" "きよの" "ももこ" RegisteredNurse "aozora" false;
    "kishi" "岸" "友里" "きし" "ゆり" MedicalClerk "aozora" false;
    "hayashi" "林" "直樹" "はやし" "なおき" PhysicalTherapist "aozora" false;
    "yamada" "山田" "太郎" "やまだ" "たろう" CareManager "minami" true;
    "okubo" "大久保" "さちえ" "おおくぼ" "さちえ" HomeHelper "minami" false;
    "ota" "太田" "リン" "おおた" "りん" CertifiedCareWorker "minami" false;
    "tsuda" "津田" "文子" "つだ" "ふみこ" Pharmacist "tsubame" true;
    "nishi" "西" "大輔" "にし" "だいすけ" Pharmacist "tsubame" false;
    "mori" "毛利" "かおる" "もうり" "かおる" RegisteredNurse "momiji" true;
};

/// The person of a key.
///
/// # Panics
/// When nobody of the cast has it.
#[must_use]
pub fn actor(key: &str) -> &'static Actor {
    ACTORS.iter().find(|actor| actor.key == key).unwrap_or_else(|| panic!("nobody is called {key}"))
}
