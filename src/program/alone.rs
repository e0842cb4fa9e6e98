//! What this process knows stays in it.

use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// No core file, and no look into this process's memory by a neighbour of the same user. Before anything is opened.
pub fn keep_to_itself() {
    if let Err(error) = rlimit::Resource::CORE.set(0, 0) {
        tracing::warn!(%error, "a crash could leave a file with what this process knows");
    }
    // Where cores are piped to a program, the limit alone is not asked.
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "a neighbour could look into this process");
    }
}
