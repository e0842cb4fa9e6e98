//! What made-up people are called and what they write.

use tasuki_law::nouns::{FacilityType, Profession};

/// Family names with their reading.
pub const FAMILIES: [(&str, &str); 40] = [
    ("佐藤", "さとう"),
    ("鈴木", "すずき"),
    ("高橋", "たかはし"),
    ("田中", "たなか"),
    ("渡辺", "わたなべ"),
    ("伊藤", "いとう"),
    ("山本", "やまもと"),
    ("中村", "なかむら"),
    ("小林", "こばやし"),
    ("加藤", "かとう"),
    ("吉田", "よしだ"),
    ("山田", "やまだ"),
    ("佐々木", "ささき"),
    ("山口", "やまぐち"),
    ("松本", "まつもと"),
    ("井上", "いのうえ"),
    ("木村", "きむら"),
    ("林", "はやし"),
    ("斎藤", "さいとう"),
    ("清水", "しみず"),
    ("山崎", "やまざき"),
    ("阿部", "あべ"),
    ("森", "もり"),
    ("池田", "いけだ"),
    ("橋本", "はしもと"),
    ("石川", "いしかわ"),
    ("山下", "やました"),
    ("小川", "おがわ"),
    ("石井", "いしい"),
    ("長谷川", "はせがわ"),
    ("後藤", "ごとう"),
    ("岡田", "おかだ"),
    ("近藤", "こんどう"),
    ("前田", "まえだ"),
    ("藤田", "ふじた"),
    ("遠藤", "えんどう"),
    ("青木", "あおき"),
    ("坂本", "さかもと"),
    ("村上", "むらかみ"),
    ("太田", "おおた"),
];

/// Given names with their reading.
pub const GIVENS: [(&str, &str); 40] = [
    ("久恵", "ひさえ"),
    ("正雄", "まさお"),
    ("千代", "ちよ"),
    ("清", "きよし"),
    ("和子", "かずこ"),
    ("健一", "けんいち"),
    ("恵子", "けいこ"),
    ("直樹", "なおき"),
    ("友里", "ゆり"),
    ("太郎", "たろう"),
    ("文子", "ふみこ"),
    ("大輔", "だいすけ"),
    ("洋子", "ようこ"),
    ("誠", "まこと"),
    ("真理子", "まりこ"),
    ("茂", "しげる"),
    ("幸子", "さちこ"),
    ("隆", "たかし"),
    ("美咲", "みさき"),
    ("博", "ひろし"),
    ("由美", "ゆみ"),
    ("浩二", "こうじ"),
    ("節子", "せつこ"),
    ("学", "まなぶ"),
    ("里美", "さとみ"),
    ("勇", "いさむ"),
    ("春香", "はるか"),
    ("進", "すすむ"),
    ("明美", "あけみ"),
    ("実", "みのる"),
    ("京子", "きょうこ"),
    ("亮", "りょう"),
    ("弘子", "ひろこ"),
    ("翔太", "しょうた"),
    ("智子", "ともこ"),
    ("修", "おさむ"),
    ("純子", "じゅんこ"),
    ("剛", "つよし"),
    ("綾", "あや"),
    ("昇", "のぼる"),
];

/// Workplaces: the end of a name, and the kind.
pub const PLACES: [(&str, FacilityType); 5] = [
    ("在宅クリニック", FacilityType::Clinic),
    ("訪問看護ステーション", FacilityType::VisitingNursing),
    ("ケアプランセンター", FacilityType::CareManagementOffice),
    ("薬局", FacilityType::Pharmacy),
    ("ホームケアクリニック", FacilityType::Clinic),
];

/// What workplaces begin with.
pub const STEMS: [&str; 8] =
    ["あおば", "さくら", "みどり", "ひまわり", "つばさ", "こもれび", "やすらぎ", "すずらん"];

pub const PROFESSIONS: [Profession; 6] = [
    Profession::RegisteredNurse,
    Profession::Physician,
    Profession::CareManager,
    Profession::HomeHelper,
    Profession::Pharmacist,
    Profession::PhysicalTherapist,
];

/// Kinds of notes; a number of the day follows.
pub const NOTES: [&str; 8] = [
    "定期の訪問をしました。体温、血圧ともに落ち着いています。食事は8割ほど、水分もとれています。次の訪問は予定どおりです。",
    "お薬をお届けし、配薬カレンダーにセットしました。飲み残しはありませんでした。",
    "足のむくみが少し増えています。塩分と水分の様子をみなさんも気にかけてください。体重は毎朝はかっています。",
    "サービス担当者会議の日程を調整しています。ご都合の悪い曜日があれば書いてください。",
    "入浴介助のあと、気分が良いと話していました。皮膚の乾燥があり、保湿剤をぬっています。",
    "リハビリで廊下を2往復しました。立ち上がりは見守りでできています。手すりの位置もちょうどよいです。",
    "夜間に眠れない日が続いているとのことです。昼間の過ごし方を一緒に考えたいと思います。",
    "ご家族から電話がありました。食欲が戻ってきて安心したとのことです。ありがとうございます。",
];

pub const ADDRESS: (&str, &str) = ("岡山県", "岡山市北区中井町1-2-3");
pub const GROUP: &str = "地域の連絡会";
pub const TOKEN: &str = "見本";

/// 「あおば訪問看護ステーション12」.
pub fn facility(number: usize) -> (String, FacilityType) {
    let (end, kind) = PLACES[number % PLACES.len()];
    (format!("{}{end}{}", STEMS[number % STEMS.len()], number + 1), kind)
}

/// The note of a number: as many sentences as it takes for so many letters, one at least.
pub fn note(number: usize, letters: usize) -> String {
    let mut text = String::new();
    for turn in number.. {
        text.push_str(NOTES[turn % NOTES.len()]);
        if text.chars().count() >= letters {
            break;
        }
    }
    format!("{text}（{}）", number + 1)
}
