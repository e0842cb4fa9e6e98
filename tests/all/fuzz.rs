//! Nonsense by chance, to the API and in forms with files: an answer in words, never a fall.
//!
//! `cargo test` tries some hundreds; `cargo bolero test fuzz::…` goes on for as long as one likes.

use axum::http::Method;
use bolero::check;
use tasuki::testing::{Visitor, World};
use tokio::runtime::Runtime;

/// A seed with bytes changed here and there, put in, and perhaps cut.
type Damage = (u8, Vec<(u16, u8)>, Vec<(u16, Piece)>, Option<u16>);

/// What breaks readers more often than chance does.
#[derive(Clone, Copy, Debug, bolero::TypeGenerator)]
enum Piece {
    Quote,
    Open,
    Close,
    Null,
    Big,
    Negative,
    Surrogate,
    Break,
    Boundary,
    Header,
    NotUtf8,
}

impl Piece {
    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Quote => b"\"",
            Self::Open => b"[[{",
            Self::Close => b"}]",
            Self::Null => b"null",
            Self::Big => b"99999999999999999999999999",
            Self::Negative => b"-1",
            Self::Surrogate => br"\ud800",
            Self::Break => b"\r\n",
            Self::Boundary => b"\r\n--xx",
            Self::Header => {
                b"\r\nContent-Disposition: form-data; name=\"scan_file\"; filename=\"a.jpg\"\r\n\r\n"
            }
            Self::NotUtf8 => b"\xff\xfe\x00",
        }
    }
}

fn damaged(seeds: &[Vec<u8>], (seed, changes, pieces, cut): &Damage) -> Vec<u8> {
    let mut bytes = seeds[usize::from(*seed) % seeds.len()].clone();
    for (at, byte) in changes.iter().take(6) {
        let at = usize::from(*at) % bytes.len();
        bytes[at] = *byte;
    }
    for (at, piece) in pieces.iter().take(3) {
        let at = usize::from(*at) % bytes.len();
        bytes.splice(at..at, piece.bytes().iter().copied());
    }
    if let Some(cut) = cut {
        bytes.truncate(usize::from(*cut) % bytes.len());
    }
    bytes
}

/// Asks once for each damage; what comes back is neither a fall nor silence.
fn try_all(seeds: &[Vec<u8>], times: usize, path: &str, kind: &str, person: Visitor, runtime: &Runtime) {
    let person = std::sync::Mutex::new(person);
    check!().with_type::<Damage>().with_iterations(times).for_each(|damage| {
        let body = damaged(seeds, damage);
        let head = [("content-type", kind)];
        let mut person = person.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let answer = runtime.block_on(person.send_with(Method::POST, path, &head, body.clone()));
        let status = answer.status.as_u16();
        assert!(status < 500, "{path}: {status} for {}", String::from_utf8_lossy(&body));
        assert!(status < 400 || !answer.bytes.is_empty(), "{path}: {status} without words");
    });
}

#[test]
fn bodies_of_the_api() {
    let runtime = Runtime::new().expect("a runtime");
    let (world, group) = runtime.block_on(async {
        let world = World::with_cast().await;
        let group = world.free_group("saeki", "木蓮の会", &["moriyama"]).await;
        (world, group)
    });
    let seeds = [
        r#"{"body":"夕方の訪問","side":"professional","attachments":[]}"#,
        r#"{"name":"木蓮の会"}"#,
        r#"{"family":"岡田","given":"ハツ","sex":"female","birth":"1938-05-01","contacts":[{"name":"一郎","phone":"086-000-0009"}]}"#,
        r#"{"email":"a@example.jp"}"#,
        r#"{"side":"professional","seq":1}"#,
        r#"{"name":"a.jpg","size":100,"type":"image/jpeg"}"#,
    ];
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    let paths = [
        "/api/v1/groups".to_owned(),
        "/api/v1/patients".to_owned(),
        format!("/api/v1/groups/{group}/posts"),
        format!("/api/v1/groups/{group}/invitations"),
        format!("/api/v1/groups/{group}/uploads"),
    ];
    for path in &paths {
        let program = runtime.block_on(world.program("saeki"));
        try_all(&seeds, 300, path, "application/json", program, &runtime);
    }
    runtime.block_on(world.settle());
    world.close_with_leftovers();
}

#[test]
fn forms_with_files() {
    let runtime = Runtime::new().expect("a runtime");
    let (world, patient) = runtime.block_on(async {
        let world = World::with_cast().await;
        let patient = world.patient("saeki", "岡田", "ハツ", &["moriyama"]).await;
        (world, patient)
    });
    let file: &[u8] = include_bytes!("../fixtures/drawing.png");
    let part = |head: &str, body: &[u8]| {
        [b"--xx\r\nContent-Disposition: form-data; ".as_slice(), head.as_bytes(), b"\r\n\r\n", body, b"\r\n"]
            .concat()
    };
    let words = [("method", "written_region_form"), ("given_on", "R8.11.20"), ("signer", "patient")];
    let words: Vec<u8> =
        words.iter().flat_map(|(name, value)| part(&format!("name=\"{name}\""), value.as_bytes())).collect();
    let scan = part("name=\"scan_file\"; filename=\"a.png\"\r\nContent-Type: image/png", file);
    let seeds =
        [[words.clone(), scan, b"--xx--\r\n".to_vec()].concat(), [words, b"--xx--\r\n".to_vec()].concat()];
    let path = format!("/patients/{patient}/consents/new");
    let doctor = runtime.block_on(world.visit("saeki"));
    try_all(&seeds, 400, &path, "multipart/form-data; boundary=xx", doctor, &runtime);
    runtime.block_on(world.settle());
    world.close_with_leftovers();
}
