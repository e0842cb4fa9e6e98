//! Private memory, and what it is made of.

use crate::program::{HOUSE, Program};
use crate::table::at_most;

/// MiB that no other process shares.
#[derive(Clone, Copy, Default)]
pub struct Memory {
    /// Pages of the program's own file: its text and its constants, dropped by the kernel whenever it wants them.
    file: f64,
    /// Pages of its file that were written to: pointers set at the start.
    written: f64,
    /// What it asked for while it ran: page caches, the shelf, connections, stacks.
    heap: f64,
    /// Libraries, and SQLite's shared index of the log.
    rest: f64,
}

/// What a process holds now.
pub fn of(program: &Program) -> Memory {
    let maps = std::fs::read_to_string(format!("/proc/{}/smaps", program.id())).expect("a process");
    let (mut memory, mut path) = (Memory::default(), "");
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if !first.ends_with(':') {
            path = words.nth(4).unwrap_or_default();
            continue;
        }
        let mib = words.next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1024.0;
        match (first, path) {
            ("Private_Clean:", HOUSE) => memory.file += mib,
            ("Private_Dirty:", HOUSE) => memory.written += mib,
            ("Private_Clean:" | "Private_Dirty:", path) if path.starts_with('/') => memory.rest += mib,
            ("Private_Clean:" | "Private_Dirty:", _) => memory.heap += mib,
            _ => {}
        }
    }
    memory
}

impl Memory {
    /// MiB in all.
    pub fn total(self) -> f64 {
        self.file + self.written + self.heap + self.rest
    }

    pub fn line(self, when: &str, most: f64) {
        println!(
            "private memory, {when}: {:.0} MiB ({}): heap {:.1}, the program's own file {:.1} and {:.1} written to, \
             libraries and the log's index {:.1}",
            self.total(),
            at_most(self.total(), most, ""),
            self.heap,
            self.file,
            self.written,
            self.rest,
        );
    }
}
