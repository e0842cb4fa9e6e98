//! Old and variant forms of kanji, each with the form under which it is searched.
//!
//! Only for keys: 斎藤 and 斉藤 are different families and stay so wherever a name is shown.
//! Forms that NFKC already unites (神 福 塚 …) are not listed.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The form under which a character is searched: itself, unless it is an old one.
pub(super) fn modern(c: char) -> char {
    static FORMS: LazyLock<HashMap<char, char>> = LazyLock::new(|| pairs().collect());
    // Almost all text is kana, Latin or new forms: spare the kana and Latin the look-up.
    if c < '\u{3400}' { c } else { FORMS.get(&c).copied().unwrap_or(c) }
}

/// Every (old, new).
pub(super) fn pairs() -> impl Iterator<Item = (char, char)> {
    TABLE.split_whitespace().flat_map(|group| {
        let mut forms = group.chars();
        let new = forms.next();
        forms.filter_map(move |old| new.map(|new| (old, new)))
    })
}

/// Groups, the searched form first. The page's script folds by the same file.
const TABLE: &str = include_str!("../../../../static/text/forms.txt");
