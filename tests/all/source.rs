//! Reads the project's own text for the tests that hold its arrows and sizes.

use std::path::{Path, PathBuf};

/// A file of the project: its path from the root, with `/`, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` whose name ends so.
pub fn files(folder: &str, ending: &str) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root().join(folder), ending, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let path = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

impl Source {
    /// Whether it is a test, or the cast that tests and the demo share.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
            || self.path.starts_with("src/testing/")
            || self.path.ends_with("matrix.rs")
    }

    /// The lines of the program itself: no comments, nothing behind `#[cfg(test)] mod tests`.
    pub fn code(&self) -> Vec<(usize, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        let lines = self.text[..end].lines().enumerate();
        lines
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(n, line)| (n + 1, line))
            .collect()
    }

    /// The room: the folder or file right under `src`.
    pub fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        Some(inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs"))
    }

    /// The rooms it names by `crate::room` or `use crate::{room, …}`, with the line and what follows the name.
    pub fn named_rooms(&self) -> Vec<(usize, String, String)> {
        let mut named = Vec::new();
        for (number, line) in self.code() {
            for piece in line.split("crate::").skip(1) {
                if let Some(list) = piece.strip_prefix('{') {
                    named.extend(top_level(list).into_iter().map(|(name, rest)| (number, name, rest)));
                } else {
                    let (name, rest) = first_word(piece);
                    named.push((number, name, rest));
                }
            }
        }
        named
    }
}

/// The names at the first level of `a, b::{c, d}, e};`.
fn top_level(list: &str) -> Vec<(String, String)> {
    let mut depth = 0;
    let mut names = Vec::new();
    let mut word = String::new();
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(first_word(word.trim()));
                word.clear();
                continue;
            }
            _ => {}
        }
        word.push(letter);
    }
    names.push(first_word(word.trim()));
    names
}

fn first_word(text: &str) -> (String, String) {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (text[..end].to_owned(), text[end..].to_owned())
}
