use super::*;
use jiff::civil::{Date, date as day};
use std::collections::{HashMap, HashSet};
use tasuki_value::{HOUR, MINUTE, Ts};

#[test]
fn a_line_is_one_trimmed_line_in_nfc() {
    assert_eq!(line("　すずらん訪問看護\u{200b}ステーション \r\n"), "すずらん訪問看護ステーション");
    assert_eq!(line("か\u{3099}く\r\nえん\ta\u{7}b"), "がく えん ab");
    assert_eq!(
        line("①㎎½m² ＡＢ ﾂﾙ 髙﨑 👩‍⚕️ 葛󠄀"),
        "①㎎½m² ＡＢ ﾂﾙ 髙﨑 👩‍⚕️ 葛󠄀",
        "free text keeps its characters"
    );
    assert_eq!(line("a\u{202e}b\u{2066}c\u{feff}"), "abc");
}

#[test]
fn kanji_stay_what_the_family_register_says() {
    // NFC makes another character of each of these.
    let kept = "神\u{fa19} 福\u{fa1b} 塚\u{fa10} 祥\u{fa1a} 都\u{fa26} 海\u{fa45} 梅\u{fa44} 郞\u{fa2e} 隆\u{f9dc} 隣\u{f9f1} 蘭\u{f91f} \u{2f804}";
    assert_eq!(line(kept), kept);
    assert_eq!(prose(kept), kept);
    assert_eq!(name(kept), kept);
    // Marks are joined all the same, on either side of one.
    assert_eq!(line("か\u{3099}\u{fa19}は\u{309a}e\u{301}"), "が\u{fa19}ぱé");
    assert_eq!(line("\u{212b}ngström"), "\u{212b}ngström");
    assert_eq!(fold("\u{fa19}谷"), "神谷");
}

#[test]
fn nothing_to_be_seen_is_nothing() {
    for unseen in [
        "\u{fffc}",
        " \u{200b}\n",
        "\u{3164}",
        "\u{2800}\u{2800}",
        "\u{200d}",
        "\u{fe0f}",
        "\u{ad}",
        "\u{e0101}",
        "\u{115f}",
        "\u{61c}",
        "\u{180e}",
        "　",
        "\u{2063}",
        "\u{ffff}",
        "\u{34f}",
        "\r\n\n\r",
        "\u{feff}",
        "",
    ] {
        assert_eq!(
            (line(unseen), prose(unseen), name(unseen)),
            (String::new(), String::new(), String::new()),
            "{unseen:?}"
        );
    }
    assert_eq!(line("むく\u{fffc}み\u{2060}"), "むくみ");
    assert_eq!(prose("朝\u{fffc}\n夕\u{3164}"), "朝\n夕");
    for seen in [
        "。",
        "…",
        "👍",
        "♥\u{fe0f}",
        "👩‍⚕️",
        "葛\u{e0100}",
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
        "゛",
    ] {
        assert_eq!(line(seen), seen);
    }
}

#[test]
fn prose_keeps_its_lines() {
    assert_eq!(prose("朝\r\n昼\r夜\n\n\u{2028}終"), "朝\n昼\n夜\n\n\n終");
    assert_eq!(prose("\r\n\n\ra"), "\n\n\na");
    assert_eq!(prose("120\t80\u{0}"), "120 80", "two values are not glued into one");
    assert_eq!(prose("  字下げ\n"), "  字下げ\n");
    assert_eq!(prose("ハ\u{309a}ン ½錠 ㎎"), "パン ½錠 ㎎");
}

#[test]
fn a_name_keeps_its_forms_and_one_blank() {
    assert_eq!(name(" 髙﨑 "), "髙﨑");
    assert_eq!(name("Maria　 Clara"), "Maria Clara");
}

#[test]
fn private_use_is_seen_in_all_three_areas() {
    for text in ["岡\u{e000}", "\u{f8ff}", "\u{f0000}", "\u{10fffd}"] {
        assert!(has_private_use(text), "{text:?}");
    }
    assert!(!has_private_use("髙﨑葛󠄀𠮷👩‍⚕️①\u{d7ff}\u{f900}"));
}

#[test]
fn full_width_is_an_input_method_left_on() {
    for text in ["ｐass", "pass　word", "あ", "ア", "漢", "𠮷", "！", "￥", "。"] {
        assert!(has_full_width(text), "{text}");
    }
    for text in ["P@ss w0rd!", "ﾊﾟｽ", "é", ""] {
        assert!(!has_full_width(text), "{text}");
    }
}

#[test]
fn graphemes_are_what_a_reader_counts() {
    for (text, count) in [("👩‍⚕️", 1), ("👨‍👩‍👧‍👦か\u{3099}", 2), ("葛󠄀飾", 2), ("🇯🇵", 1), ("", 0), ("岡田", 2)]
    {
        assert_eq!(graphemes(text), count, "{text}");
        assert!(!is_longer(text, count) && (count == 0 || is_longer(text, count - 1)), "{text}");
    }
}

#[test]
fn codes_and_digits_in_any_width() {
    assert_eq!(code_like("　ＡＢ－１２ "), "AB-12");
    assert_eq!(digits(" １２３　４５６").as_deref(), Some("123456"));
    assert_eq!(digits("12ー34−56(7)").as_deref(), Some("1234567"));
    for bad in ["", "　", "12a", "十二", "1.2", "-"] {
        assert_eq!(digits(bad), None, "{bad}");
    }
}

#[test]
fn decimals_with_any_point() {
    for text in ["36.8", "３６．８", "36。8", "３６｡８", " +36.8 "] {
        assert_eq!(decimal(text), Some(36.8), "{text}");
    }
    assert_eq!(decimal("－5"), Some(-5.0));
    assert_eq!(decimal("−0.5"), Some(-0.5));
    for bad in ["", ".", "36.", ".8", "nan", "inf", "1e5", "3 6", "36.8.1", "--1", "三"] {
        assert_eq!(decimal(bad), None, "{bad}");
    }
}

#[test]
fn mail_addresses_as_they_are_pasted() {
    assert_eq!(email("　Ｏｋａｄａ＠Ｅｘａｍｐｌｅ．ＪＰ。 "), "Okada@example.jp");
    assert_eq!(email("okada@EXAMPLE.jp "), "okada@example.jp");
    assert_eq!(email("okada@example.jp｡"), "okada@example.jp");
    assert_eq!(email("okada＠docomo。ne。jp"), "okada@docomo.ne.jp");
    assert_eq!(email("okada－hana@example｡jp。"), "okada-hana@example.jp");
    assert_eq!(email("mailto:okada@example.jp"), "okada@example.jp");
    assert_eq!(email_key("Okada@Example.jp"), "okada@example.jp");
    assert_eq!(email("no address"), "no address");
}

#[test]
fn what_looks_like_a_mail_address() {
    for good in ["a@b.jp", "hisae..o.@docomo.ne.jp", "o'neil+x@sub.example.co.jp", "a@xn--wgv71a.jp"] {
        assert!(looks_like_email(good), "{good}");
    }
    let long = format!("{}@b.jp", "a".repeat(65));
    let bad =
        ["", "a", "@b.jp", "a@b", "a@b.", "a@.jp", "a b@c.jp", "a@b@c.jp", "岡田@b.jp", "a@-b.jp", "a@b-.jp"];
    for bad in bad
        .into_iter()
        .chain(["a@b.1", "a@b.j", "a@例.jp", ".a@b.jp", "<a@b.jp>", "a,c@b.jp", "a@b.jp\n", &long])
    {
        assert!(!looks_like_email(bad), "{bad}");
    }
}

#[test]
fn postal_codes() {
    for text in ["700-0835", "〒７００－０８３５", "7000835", "〒 700ー0835 ", "700−0835", "700‐0835"]
    {
        assert_eq!(postal_code(text).as_deref(), Some("7000835"), "{text}");
    }
    for bad in ["", "700-083", "700-08355", "abc-defg"] {
        assert_eq!(postal_code(bad), None, "{bad}");
    }
}

#[test]
fn telephone_numbers_with_every_dash() {
    for dash in "- － − ー ‐ ‑ – — ― ｰ".split(' ') {
        assert_eq!(phone(&format!("086{dash}225{dash}0000")).as_deref(), Some("0862250000"), "{dash}");
    }
    for text in ["０９０（１２３４）５６７８", "+81 90-1234-5678", "＋８１(0)90 1234 5678", "090　1234　5678"]
    {
        assert_eq!(phone(text).as_deref(), Some("09012345678"), "{text}");
    }
    for bad in
        ["", "110", "225-0000", "+1 202 555 0100", "090-1234-5678 内線1", "0010-1234-567", "090-1234-56789"]
    {
        assert_eq!(phone(bad), None, "{bad}");
    }
    assert_eq!(phone_link("0862250000"), "+81862250000");
    for (typed, shown) in [
        ("０８６（２２５）０００１", "086-225-0001"),
        ("03 5555 1212", "03-5555-1212"),
        ("0355551212", "03-5555-1212"),
        ("09055550101", "090-5555-0101"),
        ("+81 90 5555 0101", "090-5555-0101"),
        ("0120000123", "0120-000-123"),
        ("08000001234", "0800-000-1234"),
        ("0862250001", "0862250001"),
    ] {
        assert_eq!(phone_groups(typed).as_deref(), Some(shown), "{typed}");
    }
    assert_eq!(phone_groups("123"), None);
}

#[test]
fn kana_becomes_hiragana() {
    for text in ["ｵｶﾀﾞ", "オカダ", "おかだ", "オカタ゛", " おかだ　"] {
        assert_eq!(kana(text), "おかだ", "{text}");
    }
    assert_eq!(kana("ヴィーナス・ｳﾞ"), "ゔぃーなす・ゔ");
    assert_eq!(kana("ミスゞ ヾ"), "みすゞ ゞ");
}

#[test]
fn folded_names_meet() {
    let meets = [
        ("髙﨑", "高崎"),
        ("葛󠄀城", "葛城"),
        ("渡邉", "渡邊"),
        ("齋藤", "斉藤"),
        ("濵田 廣", "浜田広"),
        ("𠮷田　惠", "吉田恵"),
        ("ｱﾗｲ ＭＡＲＩＡ", "あらいmaria"),
        ("龍ヶ崎", "竜ケ崎"),
        ("神\u{fa19}", "神神"),
        ("㈱ﾔﾏﾀﾞ", "(株)やまだ"),
    ];
    for (one, other) in meets {
        assert_eq!(fold(one), fold(other), "{one} {other}");
    }
    assert_eq!(fold("デーケア"), "でーけあ", "the long vowel mark stays");
    assert_ne!(fold("岡田"), fold("岡本"));
    assert_eq!(name_key("マリア・デ＝サントス, Jr."), "まりあでさんとすjr");
    assert_eq!(name_key("佐々木 ゆー"), "佐佐木ゆー");
    for (one, other) in [
        ("太郎", "太郞"),
        ("縄田", "繩田"),
        ("佐々木", "佐佐木"),
        ("いすゞ", "いすず"),
        ("みすゝ", "みすす"),
        ("桝田", "枡田"),
        ("川﨑", "川碕"),
        ("頴川", "穎川"),
        ("神谷", "\u{fa19}谷"),
        ("猫", "貓"),
    ] {
        assert_eq!(name_key(one), name_key(other), "{one} {other}");
    }
    assert_eq!(fold("々木"), "々木", "nothing stands before it");
}

#[test]
fn the_table_of_forms_is_sound() {
    let all: Vec<(char, char)> = forms::pairs().collect();
    assert!(all.len() > 300, "{}", all.len());
    let old: HashMap<char, char> = all.iter().copied().collect();
    let twice: Vec<_> =
        all.iter().filter(|(from, _)| all.iter().filter(|(other, _)| other == from).count() > 1).collect();
    assert!(twice.is_empty(), "listed twice: {twice:?}");
    let chained: HashSet<_> = all.iter().filter(|(_, new)| old.contains_key(new)).collect();
    assert!(chained.is_empty(), "the new form is itself an old one: {chained:?}");
    for (from, to) in all {
        assert_eq!(fold(&from.to_string()), to.to_string());
        assert_eq!(fold(&to.to_string()), to.to_string());
    }
}

#[test]
fn folding_twice_changes_nothing() {
    for text in ["㍿ヴｶﾞ髙İẞ①½ Ⅷ", "葛󠄀 渡邉", "ℌﬀ ㌔"] {
        assert_eq!(fold(&fold(text)), fold(text), "{text}");
    }
}

#[test]
fn dates_as_they_are_written() {
    let november = "2026/11/20 2026-11-20 2026.11.20 20261120 ２０２６／１１／２０ 2026年11月20日 令和8年11月20日 R8.11.20 \
        r8/11/20 Ｒ８．１１．２０ R081120 令和８年１１月２０日（金） R8ー11ー20 令和08年11月20日";
    for text in november.split(' ') {
        assert_eq!(date(text), Some(day(2026, 11, 20)), "{text}");
    }
    for text in ["S14.3.2", "昭和14年3月2日", "昭和 14 年 3 月 2 日", "S140302", "1939/3/2", "㍼14.3.2"]
    {
        assert_eq!(date(text), Some(day(1939, 3, 2)), "{text}");
    }
    assert_eq!(date("令和元年5月1日"), Some(day(2019, 5, 1)));
    assert_eq!(date("M45.7.29"), Some(day(1912, 7, 29)));
    assert_eq!(date("H1.1.8"), Some(day(1989, 1, 8)));
}

#[test]
fn dates_that_are_none() {
    let bad = "2026/2/29 2026/13/1 2026/11/31 26/11/20 261120 2026/11 2026 R8 昭和 R8.11.20.1 2026/11/20/ S0.3.2 R-8.11.20 \
        昭和64年1月8日 平成元年1月7日 平成31年5月1日 令和元年4月30日 S1.12.24 大正15年12月25日 X8.11.20 0999/1/1 R8110 2026112 \
        + 2026/+1/2 R999999.1.1 元年1月1日 2026//20";
    for text in bad.split_whitespace().chain(["", "　"]) {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn reigns_meet_at_their_borders() {
    let borders = [
        (day(2019, 4, 30), "平成31年4月30日"),
        (day(2019, 5, 1), "令和元年5月1日"),
        (day(1989, 1, 7), "昭和64年1月7日"),
        (day(1989, 1, 8), "平成元年1月8日"),
        (day(1926, 12, 24), "大正15年12月24日"),
        (day(1926, 12, 25), "昭和元年12月25日"),
        (day(1912, 7, 29), "明治45年7月29日"),
        (day(1912, 7, 30), "大正元年7月30日"),
        (day(2026, 11, 20), "令和8年11月20日"),
        (day(1850, 1, 2), "1850年1月2日"),
    ];
    for (at, text) in borders {
        assert_eq!(era_date(at), text);
        assert_eq!(date(text), Some(at), "{text}");
    }
}

#[test]
fn weekdays() {
    let week: String = (16..23).map(|number| weekday(day(2026, 11, number))).collect();
    assert_eq!(week, "月火水木金土日");
}

#[test]
fn age_grows_on_the_birthday() {
    let birth = day(1939, 11, 20);
    for (today, age) in [(day(2026, 11, 19), 86), (day(2026, 11, 20), 87), (day(1939, 11, 20), 0)] {
        assert_eq!(age_on(birth, today), Some(age), "{today}");
    }
    assert_eq!(age_on(birth, day(1939, 11, 19)), None);
    let leap = day(2000, 2, 29);
    let ages = [day(2026, 2, 28), day(2026, 3, 1), day(2028, 2, 29)].map(|today| age_on(leap, today));
    assert_eq!(ages, [Some(25), Some(26), Some(28)]);
    assert_eq!(age_on(Date::MIN, Date::MAX), Some(19_998));
}

#[test]
fn moments_are_told_in_japan() {
    // 2026-11-20T15:05:59Z: already the next day in Japan.
    let at = Ts(1_795_187_159_000_000);
    assert_eq!(local_date(at), day(2026, 11, 21));
    assert_eq!(hour_minute(at), "00:05");
    assert_eq!(hour_minute(at.plus(14 * HOUR)), "14:05");
    let start = midnight(day(2026, 11, 21)).unwrap();
    assert_eq!(at.since(start), 5 * MINUTE + 59_000_000);
    assert_eq!(local_date(start.minus(1)), day(2026, 11, 20));
    assert_eq!(local(Ts(i64::MAX)).year(), 9999);
    assert_eq!(midnight(Date::MIN), None);
}

#[test]
fn a_start_is_one_line_and_not_too_long() {
    assert_eq!(super::start("一行目\n\n二行目", 60), "一行目 二行目");
    assert_eq!(super::start(&"あ".repeat(61), 60).chars().count(), 61);
    assert_eq!(super::start(&"👨‍👩‍👧".repeat(60), 60), "👨‍👩‍👧".repeat(60));
}

#[test]
fn more_marks_than_any_script_has_are_longer_than_any_field() {
    for fair in [
        "が".repeat(50),
        "e\u{301}\u{302}".repeat(50),
        "👩🏻‍❤️‍💋‍👩🏼".to_owned(),
        "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}".to_owned(),
        "葛󠄀城".to_owned(),
    ] {
        assert!(!is_longer(&fair, 100) && super::thinned(&fair) == fair, "{fair}");
    }
    let joined = "a".to_owned() + &"\u{200d}\u{301}".repeat(40);
    for marked in ["a".to_owned() + &"\u{301}".repeat(9), "か".to_owned() + &"\u{3099}".repeat(30), joined] {
        assert!(is_longer(&marked, 10_000), "{marked}");
        assert!(!is_longer(&super::thinned(&marked), 100));
    }
}

#[test]
fn what_is_cut_stays_too_long_and_large_texts_take_no_time() {
    let start = std::time::Instant::now();
    for large in [
        "あ".repeat(170_000),
        "a\u{301}".repeat(170_000),
        format!("a{}", "\u{301}".repeat(250_000)),
        "👨‍👩‍👧‍👦".repeat(20_000),
    ] {
        for most in [1, 50, 200, 10_000] {
            let cut = super::cut(&large, most);
            assert!(is_longer(cut, most) && cut.len() < most * 16 + 200, "{most}");
        }
        let _ = (line(&large), prose(&large), super::kana(&large), super::fold(&large), super::email(&large));
    }
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert_eq!(super::cut("あいう", 3), "あいう");
}

#[test]
fn every_address_that_is_taken_can_be_written_to() {
    for (typed, written) in [
        ("kazu..ko@docomo.ne.jp", "\"kazu..ko\"@docomo.ne.jp"),
        ("kazuko.@docomo.ne.jp", "\"kazuko.\"@docomo.ne.jp"),
        ("kazuko@docomo.ne.jp", "kazuko@docomo.ne.jp"),
    ] {
        assert!(looks_like_email(typed));
        assert_eq!(envelope(typed), written);
    }
    let signs = "aA0.!#$%&'*+/=?^_`{|}~-@jp。\"";
    bolero::check!().with_type::<Vec<u8>>().for_each(|bytes| {
        let chosen =
            bytes.iter().map(|byte| signs.chars().nth(usize::from(*byte) % signs.chars().count()).unwrap());
        let typed = email(&format!("{}@docomo.ne.jp", chosen.collect::<String>()));
        if looks_like_email(&typed) {
            assert!(envelope(&typed).parse::<lettre::Address>().is_ok(), "{typed}");
        }
    });
}

#[test]
fn what_lists_and_tables_write_beside_is_passed_over() {
    let born = Some(day(1939, 3, 2));
    for text in [
        "昭和14年3月2日生",
        "S14.3.2生まれ",
        "1939/3/2 0:00",
        "1939/03/02 00:00:00",
        "1939-03-02T00:00:00Z",
        "昭和14年3月2日(木)生",
        "昭和１４年３月２日　生",
    ] {
        assert_eq!(super::date(text), born, "{text}");
    }
    for text in ["生", "0:00", "昭和14年生", "1939/3/2 生年"] {
        assert_eq!(super::date(text), None, "{text}");
    }
    for text in
        ["086-225-0001（代）", "086-225-0001(代表)", "０８６－２２５－０００１（代）", "086-225-0001 代"]
    {
        assert_eq!(phone(text).as_deref(), Some("0862250001"), "{text}");
        assert_eq!(phone_groups(text).as_deref(), Some("086-225-0001"), "{text}");
    }
    assert_eq!(phone("代"), None);
}
