//! The lines that are printed: what was measured, what it is held against, and whether the aim is met.

use crate::client::Load;

/// What docs/performance.md holds an operation to.
#[derive(Clone, Copy)]
pub enum Aim {
    /// At least this share of what it is held against.
    Share(f64),
    /// At most so many milliseconds of the server's processor for one request.
    Cpu(f64),
    /// At most so many milliseconds, in 99 of 100 cases.
    P99(f64),
}

impl Aim {
    fn said(self, house: &Load, floor: Option<&Load>) -> String {
        match self {
            Self::Share(least) => {
                let share = floor.map_or(0.0, |floor| house.per_second / floor.per_second);
                at_least(share, least, "")
            }
            Self::Cpu(most) => at_most(house.cpu, most, " ms CPU"),
            Self::P99(most) => at_most(house.p99, most, " ms p99"),
        }
    }
}

/// The aim, and whether a value reaches it.
pub fn at_least(value: f64, least: f64, unit: &str) -> String {
    format!("≥ {least}{unit} {}", mark(value >= least))
}

/// As [`at_least`], the other way.
pub fn at_most(value: f64, most: f64, unit: &str) -> String {
    format!("≤ {most}{unit} {}", mark(value <= most))
}

const fn mark(met: bool) -> &'static str {
    if met { "✔" } else { "✘" }
}

/// So many clients.
pub fn clients(count: usize) -> String {
    if count == 1 { "1 client".to_owned() } else { format!("{count} clients") }
}

pub fn head() {
    head_of("house/s", "floor/s", "floor CPU");
}

/// A table of two sides of any names.
pub fn head_of(house: &str, floor: &str, floor_cpu: &str) {
    println!("\n| operation | {house} | {floor} | share | p50 ms | p99 ms | CPU ms | {floor_cpu} | aim |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|---|");
}

/// A line: what the house does, beside what it is held against.
pub fn row(words: &str, house: &Load, floor: Option<&Load>, aims: &[Aim]) {
    let beside = |value: &dyn Fn(&Load) -> String| floor.map(value).unwrap_or_default();
    let aims: Vec<String> = aims.iter().map(|aim| aim.said(house, floor)).collect();
    println!(
        "| {words} | {:.0} | {} | {} | {:.2} | {:.2} | {:.3} | {} | {} |",
        house.per_second,
        beside(&|floor| format!("{:.0}", floor.per_second)),
        beside(&|floor| format!("{:.2}", house.per_second / floor.per_second)),
        house.p50,
        house.p99,
        house.cpu,
        beside(&|floor| if floor.cpu > 0.0 { format!("{:.3}", floor.cpu) } else { String::new() }),
        aims.join(", "),
    );
}

/// The one in the middle.
pub fn median(mut loads: Vec<Load>) -> Load {
    loads.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    loads.swap_remove(loads.len() / 2)
}

/// The number in the middle.
pub fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
