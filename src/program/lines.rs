//! How many lines are open, and whose: nobody takes them all.

use crate::counts::Label;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The lines of one listener.
#[derive(Clone)]
pub struct Lines(Arc<Book>);

struct Book {
    most: usize,
    each: usize,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    all: usize,
    /// Those that still speak HTTP: an open stream is counted by its person.
    by_block: HashMap<IpAddr, usize>,
}

/// What the house itself needs beside its lines: files, database, other machines.
const OWN_FILES: u64 = 256;
/// A hospital shares one address, and each of its browsers opens six lines for a page.
pub const FROM_ONE_ADDRESS: usize = 2_048;

impl Lines {
    /// As many as the machine lets this process have.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let files = rlimit::Resource::NOFILE.get_soft().unwrap_or(1_024);
        let most = usize::try_from(files.saturating_sub(OWN_FILES).max(files / 2)).unwrap_or(usize::MAX);
        Self::new(most, FROM_ONE_ADDRESS.min(most / 2))
    }

    /// So many in all, so many of one address.
    #[must_use]
    pub fn new(most: usize, each: usize) -> Self {
        Self(Arc::new(Book { most, each, open: Mutex::default() }))
    }

    /// One more line, unless there are too many. A proxy brings everybody's: its address is not counted.
    #[must_use]
    pub fn take(&self, from: IpAddr, proxy: bool) -> Option<Taken> {
        let block = (!proxy).then(|| block(from));
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let here = block.and_then(|block| open.by_block.get(&block)).copied().unwrap_or(0);
        if open.all >= self.0.most {
            refused("all");
            return None;
        }
        if here >= self.0.each {
            refused("address");
            return None;
        }
        open.all += 1;
        if let Some(block) = block {
            *open.by_block.entry(block).or_default() += 1;
        }
        metrics::gauge!("tasuki_lines_open").set(count(open.all));
        drop(open);
        Some(Taken { lines: self.clone(), block })
    }
}

/// `tasuki_lines_refused_total`: turned away at the door, or cut.
pub fn refused(reason: &'static str) {
    metrics::counter!("tasuki_lines_refused_total", "reason" => Label::fixed(reason)).increment(1);
}

fn count(lines: usize) -> f64 {
    f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}

/// One customer's part of the network: an address, or the 64 bits that one line of IPv6 is given.
fn block(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(long) => {
            let [a, b, c, d, ..] = long.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        short @ IpAddr::V4(_) => short,
    }
}

/// One line that is counted until this is dropped.
#[must_use = "the line is counted while this is kept"]
pub struct Taken {
    lines: Lines,
    block: Option<IpAddr>,
}

impl Taken {
    /// It has become a stream: still a line, no longer its address's.
    pub fn is_a_stream(&mut self) {
        let mut open = self.lines.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        leave(&mut open, self.block.take());
    }
}

fn leave(open: &mut Open, block: Option<IpAddr>) {
    let Some(block) = block else { return };
    if let Some(here) = open.by_block.get_mut(&block) {
        *here -= 1;
        if *here == 0 {
            open.by_block.remove(&block);
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut open = self.lines.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        leave(&mut open, self.block.take());
        metrics::gauge!("tasuki_lines_open").set(count(open.all));
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn one_address_takes_its_part_and_the_neighbours_keep_theirs() {
        let lines = Lines::new(6, 2);
        let take = |from: &str, proxy| lines.take(from.parse().unwrap(), proxy);
        // One line of IPv6 has many addresses.
        let mut held = vec![take("2001:db8::1", false).unwrap(), take("2001:db8::2", false).unwrap()];
        assert!(take("2001:db8::3", false).is_none());
        held.push(take("2001:db8:0:1::3", false).unwrap());
        held.push(take("192.0.2.1", false).unwrap());
        held.push(take("::ffff:192.0.2.1", false).unwrap());
        assert!(take("192.0.2.1", false).is_none());
        // A stream is counted by its person.
        held[0].is_a_stream();
        held.push(take("2001:db8::4", false).unwrap());
        // No more in all, not even through a proxy.
        assert!(take("198.51.100.7", true).is_none());
        held.truncate(2);
        let _proxied: Vec<_> = (0..4).map(|_| take("198.51.100.7", true).unwrap()).collect();
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let lines = Lines::new(6, 2);
        for n in 0..100_u8 {
            drop(lines.take([192, 0, 2, n].into(), false));
        }
        assert!(lines.0.open.lock().unwrap().by_block.is_empty());
    }
}
