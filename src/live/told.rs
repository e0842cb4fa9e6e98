//! Events as they go over the line.

use std::fmt::Write as _;

/// The data of an event that is its name alone: a browser passes over an event without data.
pub const NOTHING: &str = "-";
/// A sign of life: a comment, which every listener passes over.
pub const ALIVE: &[u8] = b":\n\n";

/// One event. The id is where a broken line goes on.
pub fn event(name: &str, id: Option<i64>, data: &str) -> String {
    let mut text = String::with_capacity(64 + data.len() + data.len() / 16);
    let _ = writeln!(text, "event: {name}");
    if let Some(id) = id {
        let _ = writeln!(text, "id: {id}");
    }
    // A carriage return alone would end a line, too.
    for line in data.split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::event;

    #[test]
    fn no_data_breaks_out_of_its_event() {
        assert_eq!(event("gone", None, "-"), "event: gone\ndata: -\n\n");
        assert_eq!(
            event("post", Some(7), "a\n\nid: 9\r\nb\r"),
            "event: post\nid: 7\ndata: a\ndata: \ndata: id: 9\ndata: \ndata: b\ndata: \n\n"
        );
    }
}
