//! Whatever is sent as a file is sorted or refused; it never makes anything fall.
//!
//! `cargo test` tries some hundreds of damaged files; `cargo bolero test files::tests::fuzz::…` goes on for as long
//! as one likes, led by what the code looks at.

use super::*;
use crate::images::{Limits, make_safe};
use bolero::check;

const SEEDS: &[&[u8]] = &[
    fixture!("photo.jpg"),
    fixture!("progressive.jpg"),
    fixture!("drawing.png"),
    fixture!("photo.webp"),
    fixture!("moving.gif"),
    fixture!("film.mp4"),
    fixture!("film.mov"),
    fixture!("plain.docx"),
    fixture!("macro.docm"),
    fixture!("page.pdf"),
];

/// A seed with bytes changed here and there, and perhaps cut.
type Damage = (u8, Vec<(u32, u8)>, Option<u32>);

fn damaged((seed, changes, cut): &Damage) -> Vec<u8> {
    let mut bytes = SEEDS[usize::from(*seed) % SEEDS.len()].to_vec();
    for (at, byte) in changes.iter().take(16) {
        let at = *at as usize % bytes.len();
        bytes[at] = *byte;
    }
    if let Some(cut) = cut {
        bytes.truncate(*cut as usize % bytes.len());
    }
    bytes
}

fn take(bytes: &[u8]) {
    let _ = glance(bytes);
    match sniff(bytes) {
        Ok(kind) if kind.is_image() => {
            let limits = Limits { pixels: 4_000_000, memory: 32 << 20 };
            let _ = make_safe(bytes, limits);
        }
        Ok(kind) if kind.is_film() => {
            let mut film = bytes.to_vec();
            if blank_locations(&mut film).is_ok() {
                assert_eq!(film.len(), bytes.len(), "blanking moves nothing");
            }
        }
        _ => {}
    }
}

#[test]
fn damaged_files_are_sorted_or_refused() {
    check!().with_type::<Damage>().with_iterations(600).for_each(|damage| take(&damaged(damage)));
}

#[test]
fn any_bytes_are_sorted_or_refused() {
    check!().with_iterations(2_000).for_each(take);
}
