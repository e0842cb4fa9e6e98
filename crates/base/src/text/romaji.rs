//! Kana as people spell it in a password: Hepburn, without marks for long vowels.

const SYLLABLES: &str = "\
きゃ kya きゅ kyu きょ kyo しゃ sha しゅ shu しょ sho ちゃ cha ちゅ chu ちょ cho にゃ nya にゅ nyu にょ nyo \
ひゃ hya ひゅ hyu ひょ hyo みゃ mya みゅ myu みょ myo りゃ rya りゅ ryu りょ ryo ぎゃ gya ぎゅ gyu ぎょ gyo \
じゃ ja じゅ ju じょ jo びゃ bya びゅ byu びょ byo ぴゃ pya ぴゅ pyu ぴょ pyo あ a い i う u え e お o \
か ka き ki く ku け ke こ ko さ sa し shi す su せ se そ so た ta ち chi つ tsu て te と to な na に ni ぬ nu \
ね ne の no は ha ひ hi ふ fu へ he ほ ho ま ma み mi む mu め me も mo や ya ゆ yu よ yo ら ra り ri る ru \
れ re ろ ro わ wa を o ん n が ga ぎ gi ぐ gu げ ge ご go ざ za じ ji ず zu ぜ ze ぞ zo だ da ぢ ji づ zu で de \
ど do ば ba び bi ぶ bu べ be ぼ bo ぱ pa ぴ pi ぷ pu ぺ pe ぽ po ゔ vu";

/// The Latin spelling of the kana in a text; words are parted where something else stands.
#[must_use]
pub fn romaji(text: &str) -> String {
    let kana = super::kana(text);
    let mut rest = kana.as_str();
    let mut latin = String::new();
    let mut doubled = false;
    while let Some(next) = rest.chars().next() {
        if let Some((syllable, spelled)) = syllables().find(|(syllable, _)| rest.starts_with(syllable)) {
            if doubled {
                latin.extend(spelled.chars().next());
            }
            latin.push_str(spelled);
            rest = &rest[syllable.len()..];
            doubled = false;
            continue;
        }
        doubled = next == 'っ';
        if !doubled && next != 'ー' {
            latin.push(' ');
        }
        rest = &rest[next.len_utf8()..];
    }
    latin.trim().to_owned()
}

/// Two-letter syllables stand first in the table.
fn syllables() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut words = SYLLABLES.split_whitespace();
    std::iter::from_fn(move || Some((words.next()?, words.next()?)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_as_they_are_typed() {
        let names = [
            ("もりやま", "moriyama"),
            ("きょう子", "kyou"),
            ("はっとり", "hattori"),
            ("シンイチロー", "shinichiro"),
        ];
        for (kana, latin) in names {
            assert_eq!(super::romaji(kana), latin);
        }
    }
}
