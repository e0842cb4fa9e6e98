//! What stands around every handler: where a request may come from, and what every answer carries.

use super::api::Problem;
use super::bearer;
use super::trouble::NeedsSignIn;
use crate::{House, Trouble};
use axum::extract::Request;
use axum::http::uri::PathAndQuery;
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
    let said = |name: &str| match headers.get_all(name).iter().collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        [one] => one.to_str().map(Some).map_err(drop),
        // Said twice, nobody knows what is meant.
        _ => Err(()),
    };
    let (Ok(site), Ok(origin), Ok(referer)) = (said("sec-fetch-site"), said("origin"), said("referer"))
    else {
        return false;
    };
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    // The page it comes from must be on our own address, or on the host it asks; whichever of the two is said.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    match (origin.or(referer), site) {
        (Some(from), _) => is_ours(house, from, host),
        (None, Some(_)) => true,
        // No browser leaves out all three on a form; a program without a cookie may.
        (None, None) => !headers.contains_key(header::COOKIE),
    }
}

/// Under TLS only our own address, and no `http://` beside it: whoever sits on the line could have written that page.
fn is_ours(house: &House, from: &str, host: Option<&str>) -> bool {
    let Some((scheme, from)) = place_of(from) else { return false };
    let own = place_of(&house.config.url);
    if own.as_ref().is_some_and(|own| *own == (scheme, from.clone())) {
        return true;
    }
    let asked = host.and_then(|host| place_of(&format!("{scheme}://{host}")));
    (scheme == "https" || !house.config.secure) && asked.is_some_and(|(_, asked)| asked == from)
}

/// Scheme, host and port of an address as browsers compare them; nothing for `null` and what is no web address.
fn place_of(address: &str) -> Option<(&'static str, (String, u16))> {
    let address = address.parse::<Uri>().ok()?;
    let (scheme, usual) = match address.scheme_str()? {
        "https" => ("https", 443),
        "http" => ("http", 80),
        _ => return None,
    };
    let authority = address.authority()?;
    // Neither a name before the host nor nonsense behind it.
    let said = authority.as_str();
    if said.contains('@') || (authority.port_u16().is_none() && said != authority.host()) {
        return None;
    }
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    Some((scheme, (host, authority.port_u16().unwrap_or(usual))))
}

/// Whether it says once, and well formed, whom it is for: anything else could be understood in two ways, here and by
/// what stands in front.
#[must_use]
pub fn is_addressed<B>(request: &axum::http::Request<B>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let plain =
        |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    let host = host.to_str().ok().filter(plain).and_then(|host| place_of(&format!("http://{host}")));
    let Some(host) = host else { return false };
    let whole = request.uri().authority();
    !host.1.0.is_empty() && whole.is_none_or(|whole| place_of(&format!("http://{whole}")) == Some(host))
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
    use super::{is_addressed, place_of};
    use axum::http::{Request, header};

    #[test]
    fn addresses_are_compared_as_browsers_do() {
        let own = place_of("https://tasuki.example");
        for same in ["https://tasuki.example:443", "https://TASUKI.example./", "https://tasuki.example/a?b"] {
            assert_eq!(place_of(same), own, "{same}");
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
            assert_ne!(place_of(other), own, "{other}");
        }
    }

    #[test]
    fn a_request_says_once_whom_it_is_for() {
        let asked = |uri: &str, hosts: &[&str]| {
            let mut request = Request::get(uri);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            is_addressed(&request.body(()).expect("a request"))
        };
        for well in ["a.example", "A.example:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
            assert!(asked("/", &[well]), "{well}");
        }
        assert!(!asked("/", &[]) && !asked("/", &["a.example", "a.example"]) && !asked("/", &["a", "b"]));
        for ill in ["", " ", "a b", "a@b", "a.example/", "a.example:x", ":80", "a,b"] {
            assert!(!asked("/", &[ill]), "{ill}");
        }
        assert!(asked("http://a.example/x", &["a.example"]) && !asked("http://a.example/x", &["b.example"]));
    }
}
