//! What lies on the disk after a day tells nothing.

use super::person::{Person, fixture};
use super::team::{self, person, team, write};
use std::path::{Path, PathBuf};
use tasuki::testing::World;

const POST: &str = "銀の匙で三口めしあがりました";
const DRAFT: &str = "まだだれにも言えない下書き";
const GROUP: &str = "木蓮の会";
const SIGNER: &str = "棗田はつえ";
const REASON: &str = "ちがう患者さんの話でした";
const FILES: &[&str] = &["umeboshi.jpg", "sampo.mp4"];

/// Every file below a folder with its bytes.
fn all_bytes(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            all_bytes(&path, found);
        } else {
            let bytes = std::fs::read(&path).expect("a file");
            found.push((path, bytes));
        }
    }
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// The day: a patient, a consent, a post with files, an edit, a removal, a draft, a group of one's own.
async fn a_day(world: &World) {
    let team = team(world).await;
    let mut nurse = person(world, "moriyama").await;
    nurse.open(&format!("{}/compose", team.place())).await;
    nurse.choose("files", FILES[0], fixture("photo.jpg")).choose("files", FILES[1], fixture("film.mp4"));
    nurse.press("確認へ進む", &[("body", POST)]).await.press("この内容で投稿する", &[]).await.sees(POST);
    write(&mut nurse, &team.place(), "取り消すつもりの投稿です", &[]).await;
    nurse.follow("取り消す").await.press("取り消す", &[("reason", REASON)]).await;
    nurse.open(&format!("{}/compose", team.place())).await.press("確認へ進む", &[("body", DRAFT)]).await;
    nurse.open("/groups/new").await.press("作成する", &[("name", GROUP)]).await.sees(GROUP);
    let mut doctor = person(world, "saeki").await;
    consent(&mut doctor, &team).await;
    world.settle().await;
}

async fn consent(doctor: &mut Person, team: &team::Team) {
    let typed = [
        ("method", "oral_in_person"),
        ("signer", "family"),
        ("signer_name", SIGNER),
        ("relationship", "daughter"),
        ("given_at", "9時ごろ"),
        ("heard_by", "佐伯 健一"),
        ("witness", "なし"),
    ];
    doctor.open(&format!("/patients/{}/consents/new", team.patient)).await;
    doctor.press("同意を記録する", &typed).await.sees("有効");
}

#[tokio::test]
#[ignore = "not passing yet: docs/status.md"]
async fn no_word_of_the_day_lies_on_the_disk() {
    let world = World::on_disk().await;
    a_day(&world).await;
    let mut found = Vec::new();
    all_bytes(world.folder(), &mut found);
    let blobs = found.iter().filter(|(path, _)| path.starts_with(world.folder().join("blobs"))).count();
    assert!(blobs >= 3, "pictures and films are in the folder: {blobs}");
    // The premise: what may be plain is found by the same search.
    let plain = found.iter().any(|(_, bytes)| holds(bytes, "あおぞら在宅クリニック".as_bytes()));
    assert!(plain || std::env::var("TASUKI_TEST_PG").is_ok(), "the database is among the files");

    let words = [
        POST,
        DRAFT,
        GROUP,
        SIGNER,
        REASON,
        FILES[0],
        FILES[1],
        team::GIVEN,
        team::FAMILY,
        team::MEMO,
        "銀の匙",
        "取り消すつもり",
    ];
    let mut wrong = Vec::new();
    for (path, bytes) in &found {
        for word in words {
            if holds(bytes, word.as_bytes()) {
                wrong.push(format!("「{word}」 in {}", path.display()));
            }
        }
        for (kind, magic) in
            [("a JPEG", b"\xff\xd8\xff\xe0".as_slice()), ("a film", b"ftypisom"), ("a film", b"moov")]
        {
            if path.starts_with(world.folder().join("blobs")) && holds(bytes, magic) {
                wrong.push(format!("{kind} in {}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.close_with_leftovers();
}
