//! What a process knows stays in it.

use crate::program::Program;

#[tokio::test]
async fn a_crash_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::demo(&folder.path().join("data"), None).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", program.id())).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    let words: Vec<_> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
}
