//! A file on its way out: only the asked bytes are fetched, opened and sent on.

use super::store::UploadRow;
use super::{ContentId, FormMeta, Meta, Variant};
use crate::house::FILES;
use crate::{House, Outcome, Trouble, Tx};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt};
use std::io;
use std::ops::Range;
use std::sync::Arc;
use tasuki_base::blobs::{Blobs, Name};
use tasuki_base::seal::{CHUNK, DataKey, FileKey, chunks_for};
use tasuki_law::nouns::FileKind;

/// Plain bytes opened at a time: whole chunks.
const WINDOW: u64 = 8 * CHUNK as u64;
/// Nothing in it may run, load or be framed; a browser's own viewers need their styles.
const SHUT: &str = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; \
    frame-ancestors 'none'";

/// A file that somebody may see: made by [`super::in_post`] and its kin, after the law was asked.
#[derive(Clone)]
pub struct FileToServe {
    content: ContentId,
    kind: FileKind,
    meta: Meta,
    key: DataKey,
}

impl FileToServe {
    pub(super) fn of(tx: &mut Tx, row: UploadRow) -> Outcome<Self> {
        if row.purpose.is_of_a_place() {
            tx.sees(FILES)?;
        }
        let meta = row.meta(tx)?;
        let key = tx.key(row.data_key)?.clone();
        // What is not in yet is not there.
        let (Some(content), Some(kind), Some(_)) = (row.content, row.kind, row.ready_at) else {
            return Err(Trouble::unseen());
        };
        Ok(Self { content, kind, meta, key })
    }
}

/// What of it was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    Beyond,
}

/// Reads `Range`. Several ranges, other units and nonsense get the whole, as the standard allows; so does a
/// range that asks "if it is still the same", since there is nothing to compare.
fn wanted(headers: &HeaderMap, total: u64) -> Wanted {
    let said = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let range = said.and_then(|text| text.strip_prefix("bytes=")).and_then(|text| text.split_once('-'));
    let (Some((first, last)), false) = (range, headers.contains_key(header::IF_RANGE)) else {
        return Wanted::Whole;
    };
    let (first, last) = (first.trim(), last.trim());
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok())?;
    let range = match (number(first), number(last)) {
        (None, Some(count)) if first.is_empty() => total.saturating_sub(count)..total,
        (Some(from), None) if last.is_empty() => from..total,
        (Some(from), Some(to)) if from <= to => from..to.saturating_add(1).min(total),
        _ => return Wanted::Whole,
    };
    if range.is_empty() { Wanted::Beyond } else { Wanted::Part(range) }
}

/// Answers with the file, or with the part of it that `headers` ask for.
pub async fn serve(
    house: &House,
    headers: &HeaderMap,
    file: FileToServe,
    variant: Variant,
) -> Outcome<Response> {
    let form = file.meta.forms.iter().find(|form| form.variant == variant).ok_or(Trouble::unseen())?.clone();
    let total = form.size;
    let (status, range) = match wanted(headers, total) {
        Wanted::Whole => (StatusCode::OK, 0..total),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Beyond => return Ok(beyond(total)),
    };
    let source = Source {
        blobs: house.blobs.clone(),
        name: Name::form(file.content.0, variant.word()),
        key: file.key.file_key(file.content.0, variant.word()),
        total,
    };
    let length = range.end - range.start;
    let spot = format!("bytes {}-{}/{total}", range.start, range.end - 1);
    let mut answer = (status, stream_of(source, range).await?).into_response();
    let set = answer.headers_mut();
    if status == StatusCode::PARTIAL_CONTENT {
        set.insert(header::CONTENT_RANGE, value(&spot)?);
    }
    set.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    dress(set, &file, &form)?;
    Ok(answer)
}

fn beyond(total: u64) -> Response {
    let spot = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
    (StatusCode::RANGE_NOT_SATISFIABLE, spot).into_response()
}

fn value(text: &str) -> Outcome<HeaderValue> {
    HeaderValue::from_str(text).map_err(Trouble::broken)
}

fn dress(headers: &mut HeaderMap, file: &FileToServe, form: &FormMeta) -> Outcome<()> {
    // A browser's own viewer of PDFs does not start in a sandbox, so that one is handed over to be opened outside it.
    let inline = file.kind != FileKind::Document;
    headers.insert(header::CONTENT_TYPE, value(&form.media_type)?);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition(inline, &file.meta.name))?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, private"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A film opened by itself loads itself, which only its own origin may; nothing runs there either.
    let sandbox = if file.kind == FileKind::Video { "sandbox allow-same-origin" } else { "sandbox" };
    let policy = format!("{SHUT}; {sandbox}");
    headers.insert(header::CONTENT_SECURITY_POLICY, value(&policy)?);
    let same = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(same, HeaderValue::from_static("same-origin"));
    Ok(())
}

/// `Content-Disposition` with the name in the form of RFC 5987, and a plain one for what cannot read that.
fn disposition(inline: bool, name: &str) -> String {
    let how = if inline { "inline" } else { "attachment" };
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut coded = String::new();
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => {
                coded.push(char::from(byte))
            }
            _ => coded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{how}; filename=\"file.{ending}\"; filename*=UTF-8''{coded}")
}

/// One form in the store.
struct Source {
    blobs: Blobs,
    name: Name,
    key: FileKey,
    total: u64,
}

impl Source {
    /// Plain bytes of a range within the file, of at most a window.
    async fn open(&self, range: Range<u64>) -> Outcome<Bytes> {
        let span = chunks_for(range.clone(), self.total).ok_or(Trouble::broken("a range beyond the file"))?;
        let sealed = self.blobs.range(&self.name, span.sealed).await?;
        Ok(self.key.open_range(self.total, range, &sealed)?.into())
    }
}

/// The bytes of a range, window by window. The first is opened before anything is answered, so that what
/// cannot be read is an error and not half a file.
async fn stream_of(source: Source, range: Range<u64>) -> Outcome<Body> {
    let next = move |at: u64| at..range.end.min((at / WINDOW + 1) * WINDOW);
    let first = next(range.start);
    let opened = source.open(first.clone()).await?;
    let source = Arc::new(source);
    let rest = stream::try_unfold(first.end, move |at| {
        let (source, window) = (Arc::clone(&source), next(at));
        async move {
            if window.is_empty() {
                return Ok(None);
            }
            let opened = source.open(window.clone()).await.map_err(cut)?;
            Ok(Some((opened, window.end)))
        }
    });
    Ok(Body::from_stream(stream::once(async { Ok::<_, io::Error>(opened) }).chain(rest)))
}

/// Too late for another answer: the line is cut, and the browser sees that bytes are missing.
fn cut(trouble: Trouble) -> io::Error {
    trouble.log();
    io::Error::other("a file could not be read on")
}

#[cfg(test)]
mod tests {
    use super::{Wanted, disposition, wanted};
    use axum::http::{HeaderMap, header};

    #[test]
    fn ranges() {
        let ask = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, text.parse().unwrap());
            wanted(&headers, 100)
        };
        assert_eq!(ask("bytes=0-0"), Wanted::Part(0..1));
        assert_eq!(ask("bytes=10-"), Wanted::Part(10..100));
        assert_eq!(ask("bytes=10-500"), Wanted::Part(10..100));
        assert_eq!(ask("bytes=-30"), Wanted::Part(70..100));
        assert_eq!(ask("bytes=-300"), Wanted::Part(0..100));
        for beyond in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(ask(beyond), Wanted::Beyond, "{beyond}");
        }
        let nonsense =
            ["bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes=+1-2"];
        for whole in nonsense {
            assert_eq!(ask(whole), Wanted::Whole, "{whole}");
        }
        let mut conditional = HeaderMap::new();
        conditional.insert(header::RANGE, "bytes=0-0".parse().unwrap());
        conditional.insert(header::IF_RANGE, "\"tag\"".parse().unwrap());
        assert_eq!(wanted(&conditional, 100), Wanted::Whole);
    }

    #[test]
    fn names_travel_in_their_own_letters() {
        let said = disposition(false, "会議 \"1\".docx");
        assert_eq!(
            said,
            "attachment; filename=\"file.docx\"; filename*=UTF-8''%E4%BC%9A%E8%AD%B0%20%221%22.docx"
        );
        assert!(disposition(true, "a").starts_with("inline; filename=\"file.\""));
    }
}
