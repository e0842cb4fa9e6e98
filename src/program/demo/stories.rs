//! What the people of the demo wrote. Invented; any likeness is chance.

use tasuki_law::nouns::{CareLevel, Sex};

/// A picture of the demo, by its file.
pub const MEAL: &[u8] = include_bytes!("pictures/meal.jpg");
pub const PILLS: &[u8] = include_bytes!("pictures/pills.jpg");
pub const ROOM: &[u8] = include_bytes!("pictures/room.jpg");

/// The faces, in the order of the cast.
pub const FACES: &[&[u8]] = &[
    include_bytes!("pictures/face0.jpg"),
    include_bytes!("pictures/face1.jpg"),
    include_bytes!("pictures/face2.jpg"),
    include_bytes!("pictures/face3.jpg"),
    include_bytes!("pictures/face4.jpg"),
    include_bytes!("pictures/face5.jpg"),
    include_bytes!("pictures/face6.jpg"),
    include_bytes!("pictures/face7.jpg"),
    include_bytes!("pictures/face8.jpg"),
    include_bytes!("pictures/face9.jpg"),
];

/// A patient of the demo.
pub struct Person {
    pub names: [&'static str; 4],
    pub sex: Sex,
    pub birth: &'static str,
    pub memo: &'static str,
    pub diseases: &'static [&'static str],
    pub medicines: &'static str,
    pub care: CareLevel,
    /// Colleagues of the registrar.
    pub staff: &'static [&'static str],
    /// Members of other workplaces, once consent is on record; none: no consent yet.
    pub team: &'static [&'static str],
}

pub const PATIENTS: &[Person] = &[
    Person {
        names: ["岡田", "久恵", "おかだ", "ひさえ"],
        sex: Sex::Female,
        birth: "S14.3.2",
        memo: "左かかとの褥瘡を観察中",
        diseases: &["脳梗塞後遺症", "褥瘡", "高血圧症"],
        medicines: "アムロジピン 5mg 朝1錠\nクロピドグレル 75mg 朝1錠",
        care: CareLevel::Care3,
        staff: &["moriyama", "kiyono", "hayashi"],
        team: &["yamada", "okubo", "ota", "tsuda"],
    },
    Person {
        names: ["三宅", "正男", "みやけ", "まさお"],
        sex: Sex::Male,
        birth: "S18.7.15",
        memo: "耳が遠い。右側から話しかける",
        diseases: &["慢性心不全", "慢性腎臓病"],
        medicines: "フロセミド 20mg 朝1錠",
        care: CareLevel::Care2,
        staff: &["moriyama", "kishi"],
        team: &["yamada", "tsuda", "nishi"],
    },
    Person {
        names: ["難波", "トミ", "なんば", "とみ"],
        sex: Sex::Female,
        birth: "S9.11.3",
        memo: "",
        diseases: &["アルツハイマー型認知症", "低栄養"],
        medicines: "",
        care: CareLevel::Care4,
        staff: &["moriyama", "kiyono"],
        team: &["yamada", "okubo"],
    },
    Person {
        names: ["藤井", "清", "ふじい", "きよし"],
        sex: Sex::Male,
        birth: "S22.5.20",
        memo: "来週退院予定",
        diseases: &["大腿骨近位部骨折後"],
        medicines: "",
        care: CareLevel::AppliedFor,
        staff: &["hayashi"],
        team: &[],
    },
];

/// Where a note stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The group of a patient, by their place in [`PATIENTS`].
    Patient(usize),
    /// The clinic's own.
    Clinic,
    /// The free group.
    Circle,
}

/// A note of the demo.
pub struct Note {
    pub place: Place,
    pub by: &'static str,
    /// Which day of the three, the hour and the minute: what the words say of the time is so.
    pub at: (i64, i64, i64),
    pub words: &'static str,
    pub pictures: &'static [(&'static str, &'static [u8])],
    /// Who acknowledged it, soon after.
    pub acknowledged: &'static [&'static str],
}

macro_rules! notes {
    ($($place:expr, $by:literal, $at:expr, $words:literal, [$($picture:expr),*], [$($who:literal),*];)+) => {
        &[$(Note { place: $place, by: $by, at: $at, words: $words, pictures: &[$($picture),*],
            acknowledged: &[$($who),*] },)+]
    };
}

pub const CIRCLE: &str = "北区 在宅ケア勉強会";

pub const NOTES: &[Note] = notes! {
    Place::Patient(0), "yamada", (0, 9, 5), "同意書をいただき、今日からこのグループで情報を共有します。岡田さんのご希望は「できるだけ家で、息子家族のそばで過ごしたい」です。よろしくお願いします。", [], ["saeki", "moriyama", "okubo", "tsuda"];
    Place::Clinic, "kishi", (0, 10, 0), "今週の往診車の点検は木曜の13時からです。", [], ["moriyama"];
    Place::Patient(0), "moriyama", (0, 14, 20), "14時訪問。体温36.8℃、血圧132/78、脈72、SpO₂ 97％。\n左かかとの発赤は約2cm。水疱なし、痛みの訴えなし。除圧クッションの位置を直しました。", [("部屋.jpg", ROOM)], ["saeki", "yamada"];
    Place::Patient(0), "saeki", (0, 16, 0), "写真ありがとうございます。まず除圧の継続で様子をみます。水疱・浸出液が出たら電話をください。次回往診は金曜です。", [], ["moriyama", "okubo", "yamada"];
    Place::Patient(1), "tsuda", (1, 11, 10), "残薬を確認しました。フロセミドが4日分残っています。夕方に飲まれている日があるようです。朝の一包化をご提案したいのですが、いかがでしょうか。", [("お薬カレンダー.jpg", PILLS)], ["saeki"];
    Place::Patient(1), "saeki", (1, 12, 15), "一包化でお願いします。次回から朝食後にまとめます。", [], ["tsuda", "nishi"];
    Place::Patient(2), "okubo", (1, 13, 5), "昼食の介助に入りました。主食は半分、煮魚はほぼ全量、汁物はとろみをつけてむせなし。食べ終わるまで40分ほどでした。", [("昼食.jpg", MEAL)], ["moriyama"];
    Place::Patient(2), "kiyono", (1, 14, 10), "ありがとうございます。体重は36.4kg（先月比 −0.8kg）です。栄養補助食品の追加を先生に相談します。", [], ["okubo"];
    Place::Circle, "yamada", (1, 16, 30), "来週の土曜の10時から、褥瘡の予防について勉強会をします。場所は当センターの会議室です。参加できる方は了解を押してください。", [], ["saeki", "moriyama", "tsuda"];
    Place::Patient(0), "okubo", (1, 18, 40), "夕方の訪問。クッションはきちんと当たっていました。左かかとの赤みは、昨日より少しうすくなったように見えます。夕食は8割、水分は600mlほどです。", [], ["moriyama"];
    Place::Clinic, "saeki", (2, 8, 10), "来週の月曜は学会のため午前の往診をお休みします。急ぎのときは携帯へ電話してください。", [], ["kishi", "kiyono"];
    Place::Patient(0), "moriyama", (2, 10, 40), "10時訪問。左かかとの発赤は1.5cmに縮小、皮膚の破れなし。ご本人も「痛うない」とのことです。除圧を続けます。", [], ["yamada"];
    Place::Patient(0), "hayashi", (2, 11, 30), "座位の姿勢をみました。車いすで左に傾くので、クッションを1枚足しました。移乗のときは右足から立っていただくと安定します。", [], [];
    Place::Patient(1), "moriyama", (2, 12, 10), "足のむくみが軽くなっています。体重52.1kg（−0.6kg）。息切れなし。", [], [];
};
