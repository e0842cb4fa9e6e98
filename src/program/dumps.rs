//! What lies in memory stays there: patients' words, keys and sessions are in it, opened.

use rlimit::Resource;
use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// No core file is written of this process, whatever the machine's settings say, and nobody else of the same user looks
/// into it. To be called before anything is opened.
pub fn refuse() {
    if let Err(error) = Resource::CORE.set(0, 0) {
        eprintln!("{}: {error}", crate::phrases::keys::CORE_FILES);
    }
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        eprintln!("{}: {error}", crate::phrases::keys::CORE_FILES);
    }
}

#[cfg(test)]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};

    #[test]
    fn a_process_that_refused_is_not_dumped() {
        super::refuse();
        assert_eq!(dumpable_behavior().expect("how it is"), DumpableBehavior::NotDumpable);
        assert_eq!(rlimit::Resource::CORE.get().expect("a limit"), (0, 0));
        // The other tests of this process may look at themselves.
        let _ = set_dumpable_behavior(DumpableBehavior::Dumpable);
    }
}
