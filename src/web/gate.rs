//! What stands around every handler: where a request may come from, and what every answer carries.

use super::api::Problem;
use super::bearer;
use super::trouble::NeedsSignIn;
use crate::{House, Trouble};
use axum::extract::Request;
use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
    media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// Refuses a changing request that another site's page made in the name of the person.
///
/// A bearer token is never sent by a browser on its own, so requests that carry one are not asked.
pub fn of_another_site(house: &House, request: &Request) -> Option<Response> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !changes || bearer(request.headers()).is_some() || comes_from_us(house, request.headers()) {
        return None;
    }
    Some(if request.uri().path().starts_with("/api/") {
        Problem::from(Trouble::Malformed).into_response()
    } else {
        Trouble::Malformed.into_response()
    })
}

fn comes_from_us(house: &House, headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = said("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    // The page they come from must be on our own address, scheme and port included.
    match said("origin").or_else(|| said("referer")) {
        Some(from) => Origin::of(from).is_some_and(|from| is_ours(house, &from, said("host"))),
        // No browser leaves out all three on a form; a program without a cookie may.
        None => site.is_some() || !headers.contains_key(header::COOKIE),
    }
}

fn is_ours(house: &House, from: &Origin, host: Option<&str>) -> bool {
    if Origin::of(&house.config.url).as_ref() == Some(from) {
        return true;
    }
    // Without TLS a house is on this machine, which has several names.
    let asked = host.and_then(|host| Origin::of(&format!("http://{host}")));
    !house.config.secure && asked.as_ref() == Some(from)
}

/// Scheme, host and port of an address.
#[derive(PartialEq, Eq)]
struct Origin {
    tls: bool,
    host: String,
    port: u16,
}

impl Origin {
    fn of(url: &str) -> Option<Self> {
        let url: Uri = url.parse().ok()?;
        let tls = match url.scheme_str()? {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = url.authority()?;
        if authority.as_str().contains('@') {
            return None;
        }
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        Some(Self { tls, host, port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }) })
    }
}

/// Refuses what two readers of one request could take for two different requests: a missing, doubled or
/// unreadable host, and twins of what decides who asks and where the body ends.
pub fn ambiguous(request: &Request) -> Option<Response> {
    const ONCE: [HeaderName; 7] = [
        header::HOST,
        header::AUTHORIZATION,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::TRANSFER_ENCODING,
        header::ORIGIN,
        HeaderName::from_static("idempotency-key"),
    ];
    let headers = request.headers();
    let twins = ONCE.iter().any(|name| headers.get_all(name).iter().nth(1).is_some());
    let two_ends =
        headers.contains_key(header::CONTENT_LENGTH) && headers.contains_key(header::TRANSFER_ENCODING);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let readable = host.is_some_and(|host| {
        let named =
            host.parse::<Authority>().ok().filter(|named| !named.host().is_empty() && !host.contains('@'));
        // An absolute target says it once more: the same, or nothing.
        let target = request.uri().authority();
        named.is_some_and(|named| {
            target.is_none_or(|target| target.as_str().eq_ignore_ascii_case(named.as_str()))
        })
    });
    (twins || two_ends || !readable).then(|| {
        if request.uri().path().starts_with("/api/") {
            Problem::from(Trouble::Malformed).into_response()
        } else {
            Trouble::Malformed.into_response()
        }
    })
}

/// The headers of every answer, and the way to the sign-in page for pages that need it.
pub fn dressed(house: &House, wanted: Option<PathAndQuery>, mut answer: Response) -> Response {
    if let (Some(NeedsSignIn), Some(wanted)) = (answer.extensions().get::<NeedsSignIn>(), wanted) {
        answer = to_sign_in(wanted.as_str());
    }
    let headers = answer.headers_mut();
    let set = |headers: &mut HeaderMap, name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(headers, header::CACHE_CONTROL, "no-store, private");
    set(headers, header::CONTENT_SECURITY_POLICY, CSP);
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "geolocation=(), microphone=()");
    if house.config.secure {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    answer
}

/// The page that is asked for, if it is one.
pub fn page_wanted(request: &Request) -> Option<PathAndQuery> {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let html = accepts.is_none_or(|kinds| kinds.contains("text/html"));
    let wanted = request.uri().path_and_query()?;
    (request.method() == Method::GET && html).then(|| wanted.clone())
}

fn to_sign_in(wanted: &str) -> Response {
    let query = serde_urlencoded::to_string([("next", wanted)]).unwrap_or_default();
    let url = format!("/sign-in?{query}");
    (StatusCode::SEE_OTHER, [(header::LOCATION, url)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Origin, ambiguous};
    use axum::body::Body;
    use axum::http::{Request, header};

    #[test]
    fn addresses_are_compared_as_browsers_do() {
        let own = Origin::of("https://tasuki.example");
        for same in ["https://tasuki.example:443", "https://TASUKI.example./", "https://tasuki.example/a?b"] {
            assert!(Origin::of(same) == own, "{same}");
        }
        for other in [
            "http://tasuki.example",
            "https://tasuki.example:8443",
            "https://tasuki.example.evil.example",
            "https://tasuki.example@evil.example",
            "null",
            "",
            "file:///a",
            "//tasuki.example",
        ] {
            assert!(Origin::of(other) != own, "{other}");
        }
    }

    #[test]
    fn a_request_says_once_whom_it_is_for() {
        let clear = |uri: &str, hosts: &[&str]| {
            let mut request = Request::get(uri);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            ambiguous(&request.body(Body::empty()).expect("a request")).is_none()
        };
        for well in ["a.example", "A.example:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
            assert!(clear("/", &[well]), "{well}");
        }
        assert!(!clear("/", &[]) && !clear("/", &["a.example", "a.example"]) && !clear("/", &["a", "b"]));
        for ill in ["", " ", "a b", "a@b", "a.example/", ":80"] {
            assert!(!clear("/", &[ill]), "{ill}");
        }
        assert!(clear("http://a.example/x", &["a.example"]) && !clear("http://a.example/x", &["b.example"]));
    }
}
