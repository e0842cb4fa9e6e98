//! One person, one address: boxes that several people read are known by their names.

/// Whether an address looks like a box that several people read: info@, office@ and the like.
#[must_use]
pub fn looks_shared(email: &str) -> bool {
    const BOXES: &[&str] = &[
        "info",
        "office",
        "mail",
        "contact",
        "admin",
        "support",
        "staff",
        "jimu",
        "jimusho",
        "soumu",
        "uketsuke",
        "renkei",
        "help",
        "hello",
        "team",
        "all",
        "webmaster",
        "postmaster",
        "noreply",
        "no-reply",
        "soudan",
        "kango",
        "houkan",
        "care",
        "kaigo",
        "clinic",
        "hospital",
        "pharmacy",
        "yakkyoku",
        "station",
    ];
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let bare = local.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.'));
    BOXES.contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::looks_shared;

    #[test]
    fn shared_boxes_are_recognised_and_people_are_not() {
        for shared in ["info@example.jp", "Office@example.jp", "soumu-2@example.jp", "kango@example.jp"] {
            assert!(looks_shared(shared), "{shared}");
        }
        for own in ["midori@example.jp", "m.informatics@example.jp", "careta@example.jp"] {
            assert!(!looks_shared(own), "{own}");
        }
    }
}
