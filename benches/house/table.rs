//! The lines that are printed.

use crate::client::Load;

pub fn head() {
    println!("| operation | house/s | floor/s | share | p50 ms | p99 ms | CPU ms | floor CPU |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
}

/// A line: what the house does, beside what it is held against.
pub fn row(words: &str, house: &Load, floor: &Load) {
    println!(
        "| {words} | {:.0} | {:.0} | {:.2} | {:.2} | {:.2} | {:.3} | {:.3} |",
        house.per_second,
        floor.per_second,
        house.per_second / floor.per_second,
        house.p50,
        house.p99,
        house.cpu,
        floor.cpu,
    );
}

/// The one in the middle.
pub fn median(mut loads: Vec<Load>) -> Load {
    loads.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    loads.swap_remove(loads.len() / 2)
}
