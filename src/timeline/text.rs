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
    // In Japanese no blank stands after an address: it ends where the Japanese begins.
    finder.kinds(&[LinkKind::Url]).url_must_have_scheme(true).url_can_be_iri(false);
    let spans = finder.spans(text);
    spans
        .map(|span| match (span.kind(), host(span.as_str())) {
            (Some(_), Some(host)) => Piece::Link { url: span.as_str(), host },
            _ => Piece::Words(span.as_str()),
        })
        .collect()
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
