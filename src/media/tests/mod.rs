mod coming;
mod forms;
mod kinds;
mod places;
mod serving;
mod shares;

use super::{FileToServe, PurposeKind, Variant, pages};
use crate::testing::World;
use crate::{House, Outcome, Tx};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::path::PathBuf;
use tasuki_base::blobs::Blobs;
use tasuki_base::chance::Chance;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../tests/fixtures/", $name)).as_slice()
    };
}
use fixture;

const PART: usize = 5 * 1024 * 1024;

/// The place in the fixtures, as phones write it.
const PLACE: &[u8] = b"+35.6812+139.7671/";

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

/// A film of exactly this many bytes, of which no two stretches are alike.
fn film(size: usize) -> Vec<u8> {
    let mut film = fixture!("film.mp4").to_vec();
    let rest = size - film.len();
    film.extend_from_slice(&u32::try_from(rest).unwrap().to_be_bytes());
    film.extend_from_slice(b"mdat");
    let mut more = vec![0; rest - 8];
    Chance::seeded(7).fill(&mut more);
    film.extend(more);
    assert_eq!(film.len(), size);
    film
}

/// A house whose store is a folder, as it is by default.
async fn on_disk(max_file: u64) -> (World, PathBuf) {
    let mut world = World::with_cast().await;
    let folder = world.house.config.data.join("files");
    let mut config = world.house.config.clone();
    config.max_file = max_file;
    let blobs = Blobs::folder(&folder).unwrap();
    world.house = House::new(crate::house::Rooms { config, blobs, ..(*world.house).clone() });
    (world, folder)
}

/// Every file below a folder, with its name.
fn lying_in(folder: &PathBuf) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(lying_in(&entry.path()));
        } else {
            let name = entry.file_name().into_string().unwrap();
            found.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
    found
}

struct Served {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Served {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Serves a file as a room does after its own access check.
async fn serve(
    house: &House,
    find: impl Fn(&mut Tx<'_, '_>) -> Outcome<FileToServe> + Send + 'static,
    variant: Variant,
    asked: &[(&str, &str)],
) -> Outcome<Served> {
    let mut headers = HeaderMap::new();
    for (name, value) in asked {
        headers.insert(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
    }
    let file = house.read(find).await?;
    let (parts, body) = pages::serve(house, &headers, file, variant).await?.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Ok(Served { status: parts.status, headers: parts.headers, bytes })
}
