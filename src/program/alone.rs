//! What this process knows stays in it.

use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use std::io;

/// No core file, and no look into this process's memory by a neighbour of the same user.
///
/// # Errors
/// When the machine does not let a process say so.
pub fn keep_to_itself() -> io::Result<()> {
    rlimit::Resource::CORE.set(0, 0)?;
    // Where cores are piped to a program, the limit alone is not asked.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}
