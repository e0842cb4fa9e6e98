//! The stylesheet, the scripts and the icons, inside the binary, named by their content.
//!
//! A page asks for `assets::CSS_APP`; a name that does not exist does not compile.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

pub(super) struct File {
    name: &'static str,
    media: &'static str,
    raw: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

/// `GET /static/{file}`
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match FILES.iter().find(|file| file.name == name) {
        Some(file) => file.answer(&headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /favicon.ico`: browsers ask for it by this name, whatever the page says.
pub async fn favicon(headers: HeaderMap) -> Response {
    named(ICON_MARK_32, &headers)
}

/// `GET /apple-touch-icon.png`: likewise.
pub async fn touch_icon(headers: HeaderMap) -> Response {
    named(ICON_MARK_180, &headers)
}

/// `GET /manifest.webmanifest`
pub async fn manifest() -> Response {
    let icon = |src: &str, sizes: &str, purpose: &str| serde_json::json!({ "src": src, "sizes": sizes, "type": "image/png", "purpose": purpose });
    let text = serde_json::json!({
        "name": "Tasuki",
        "short_name": "Tasuki",
        "lang": "ja",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": "#0055ad",
        "background_color": "#ffffff",
        "icons": [
            icon(ICON_MARK_192, "192x192", "any"),
            icon(ICON_MARK_512, "512x512", "any"),
            icon(ICON_MASKABLE_512, "512x512", "maskable"),
        ],
    });
    let head = [
        (header::CONTENT_TYPE, "application/manifest+json; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (head, text.to_string()).into_response()
}

/// A file under a lasting name: it may be kept for a day only.
fn named(url: &str, headers: &HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| url.ends_with(file.name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut answer = file.answer(headers);
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=86400"));
    answer
}

impl File {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let (bytes, coding) = self.smallest(headers);
        let mut answer = bytes.into_response();
        let set = |answer: &mut Response, name, value| {
            answer.headers_mut().insert(name, header::HeaderValue::from_static(value));
        };
        set(&mut answer, header::CONTENT_TYPE, self.media);
        set(&mut answer, header::CACHE_CONTROL, "public, max-age=31536000, immutable");
        set(&mut answer, header::VARY, "Accept-Encoding");
        set(&mut answer, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        if let Some(coding) = coding {
            set(&mut answer, header::CONTENT_ENCODING, coding);
        }
        answer
    }

    /// The smallest form that this browser takes.
    fn smallest(&self, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
        let wish = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
        match (self.brotli, self.gzip) {
            (Some(bytes), _) if takes(wish, "br") => (bytes, Some("br")),
            (_, Some(bytes)) if takes(wish, "gzip") => (bytes, Some("gzip")),
            _ => (self.raw, None),
        }
    }
}

/// Whether `Accept-Encoding` names the coding and does not refuse it with `q=0`.
fn takes(wish: &str, coding: &str) -> bool {
    wish.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && !words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, header::HeaderValue::from_static(value))])
    }

    #[tokio::test]
    async fn a_file_is_kept_for_a_year_under_its_content_name() {
        let name = CSS_APP.trim_start_matches("/static/").to_owned();
        let answer = file(Path(name), wish("gzip")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(answer.headers()[header::CACHE_CONTROL].to_str().unwrap().ends_with("immutable"));
        let old = file(Path("app-0000000000.css".to_owned()), HeaderMap::new()).await;
        assert_eq!(old.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn a_refused_coding_is_not_sent() {
        let name = CSS_APP.trim_start_matches("/static/").to_owned();
        let answer = file(Path(name), wish("gzip;q=0, br;q=0")).await;
        assert!(!answer.headers().contains_key(header::CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn the_lasting_names_answer() {
        assert_eq!(favicon(HeaderMap::new()).await.headers()[header::CONTENT_TYPE], "image/png");
        assert_eq!(touch_icon(HeaderMap::new()).await.status(), StatusCode::OK);
        let bytes = axum::body::to_bytes(manifest().await.into_body(), 10_000).await.unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(manifest["lang"], "ja");
    }
}
