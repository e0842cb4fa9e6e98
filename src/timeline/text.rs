//! From what people wrote to what a page may show: everything escaped, web addresses made links.

use crate::{Outcome, Trouble};
use askama::Template;
use axum::http::Uri;
use linkify::{LinkFinder, LinkKind};

/// A piece of a text.
enum Piece<'t> {
    Words(&'t str),
    Link { url: &'t str, host: String },
}

#[derive(Template)]
#[template(path = "timeline/text.html")]
struct Text<'t> {
    pieces: Vec<Piece<'t>>,
}

/// The text as HTML. The host that a link leads to is named beside it, whatever else the address says.
pub fn html(text: &str) -> Outcome<String> {
    Text { pieces: pieces(text) }.render().map_err(Trouble::broken)
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(true).url_can_be_iri(false);
    let mut pieces = Vec::new();
    for (start, run) in runs(text) {
        if !run.contains("://") {
            pieces.push(Piece::Words(run));
            continue;
        }
        pieces.extend(finder.spans(run).map(|span| match (span.kind(), host(span.as_str())) {
            (Some(_), Some(host)) if ends_before(span.as_str(), &text[start + span.end()..]) => {
                Piece::Link { url: span.as_str(), host }
            }
            _ => Piece::Words(span.as_str()),
        }));
    }
    pieces
}

/// In Japanese no blank stands after an address: it ends where the Japanese begins, and is looked for in nothing else.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = &text[from..];
        let latin = rest.chars().next()?.is_ascii();
        let length = rest.find(|c: char| c.is_ascii() != latin).unwrap_or(rest.len());
        let run = (from, &rest[..length]);
        from += length;
        Some(run)
    })
}

/// Whether an address can end where what follows begins. A path that goes on in Japanese (`/wiki/` and a word) would
/// otherwise lead to another page: it stays text, as do the few of which nobody can tell.
fn ends_before(url: &str, rest: &str) -> bool {
    let Some(next) = rest.chars().next().filter(|next| next.is_alphanumeric() || *next == '\u{3005}') else {
        return true;
    };
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path);
    let last = path.unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let is_file = last.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty()
            && matches!(ending.len(), 2..=5)
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    // Of a particle nobody makes a path; after a whole word, hiragana goes on with the sentence.
    let hiragana = matches!(next, '\u{3041}'..='\u{309f}');
    match path {
        None => true,
        Some("") => hiragana,
        Some(path) => is_file || (hiragana && path.ends_with(|last: char| last.is_ascii_alphanumeric())),
    }
}

/// The host of an address of the web; `None` for anything that is no plain one.
fn host(url: &str) -> Option<String> {
    let scheme = url.split_once("://")?.0;
    let of_the_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let parsed = url.parse::<Uri>().ok()?;
    let authority = parsed.authority()?.as_str();
    (of_the_web && !authority.contains('@')).then(|| parsed.host().map(str::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn what_is_written_is_never_markup() {
        let shown = html("<b onclick=x>&\"'</b>\n<script>").unwrap();
        assert!(!shown.contains('<') && !shown.contains('"'), "{shown}");
        assert!(shown.contains('\n'));
    }

    #[test]
    fn an_address_becomes_a_link_with_its_host() {
        let shown = html("資料はhttps://www.example.jp/a?b=1&c=2です。").unwrap();
        let link = r#"<a class="link-out" href="https://www.example.jp/a?b=1&#38;c=2" target="_blank" rel="noopener noreferrer">https://www.example.jp/a?b=1&#38;c=2</a>"#;
        assert!(shown.contains(link), "{shown}");
        assert!(shown.starts_with("資料は<a") && shown.ends_with("です。"), "{shown}");
        assert!(shown.contains("www.example.jp・外部のサイト"), "{shown}");
    }

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        for (text, url) in [
            ("https://example.jp/a（PDF）を", "https://example.jp/a"),
            ("https://example.jp/shiryo.pdfを10時までに", "https://example.jp/shiryo.pdf"),
            ("https://example.jp/shiryo.pdf資料です", "https://example.jp/shiryo.pdf"),
            ("https://example.jp/a、https://b.jp", "https://example.jp/a"),
            ("https://example.jp/aを見て", "https://example.jp/a"),
            ("https://example.jp/を見て", "https://example.jp/"),
            ("https://example.jp参照", "https://example.jp"),
            ("https://example.jp/wiki/%E8%A4%A5%E7%98%A1です", "https://example.jp/wiki/%E8%A4%A5%E7%98%A1"),
            ("「https://example.jp/a/」", "https://example.jp/a/"),
        ] {
            assert!(html(text).unwrap().contains(&format!("href=\"{url}\"")), "{text}");
        }
    }

    #[test]
    fn a_japanese_path_is_no_link_to_another_page() {
        for text in [
            "https://ja.wikipedia.org/wiki/褥瘡",
            "https://ja.wikipedia.org/wiki/うつ病です",
            "https://ja.wikipedia.org/wiki/ALS患者",
            "https://example.jp/search?q=褥瘡",
            "https://example.jp/２階",
            "https://example.jp/佐々木/々木",
        ] {
            let shown = html(text).unwrap();
            assert!(!shown.contains("<a") && shown.contains(text), "{shown}");
        }
    }

    #[test]
    fn what_only_looks_like_an_address_stays_text() {
        for text in [
            "javascript:alert(1)",
            "data://text/html,x",
            "https://mhlw.go.jp@example.com/",
            "a@example.jp",
            "file:///etc/passwd",
            "www.example.jp",
        ] {
            assert!(!html(text).unwrap().contains("<a"), "{text}");
        }
        let quoted = html("https://example.jp/\"onmouseover=\"x").unwrap();
        assert!(!quoted.contains("\"onmouseover"), "{quoted}");
    }
}
