//! Where a request came from and on what kind of device.

use crate::{House, Trouble};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The device at the other end, as far as it tells.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its address; behind a trusted proxy, the one the proxy names.
    pub address: IpAddr,
    /// A code: windows, mac, iphone, ipad, android, linux, other.
    pub device: &'static str,
    /// Held in a hand: the longer idle limit.
    pub phone: bool,
}

impl FromRequestParts<House> for Client {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Trouble> {
        let (device, phone) = device(said(parts, header::USER_AGENT.as_str()));
        Ok(Self { address: address(parts, house), device, phone })
    }
}

/// The token of `Authorization: Bearer …`, if the request carries one.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn said<'p>(parts: &'p Parts, name: &str) -> &'p str {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn address(parts: &Parts, house: &House) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    named(peer, &parts.headers, &house.config.trusted_proxies)
}

/// Whether an address is that of a trusted proxy, however either is written.
#[must_use]
pub fn is_trusted(address: IpAddr, trusted: &[IpAddr]) -> bool {
    trusted.iter().any(|proxy| proxy.to_canonical() == address.to_canonical())
}

/// The address that no trusted proxy has, nearest to the house. Every line of the header counts, from the right: what
/// stands further left a stranger may have written. A hop that cannot be read ends the way at the proxy that wrote it.
fn named(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let lines: Vec<&[u8]> = headers.get_all("x-forwarded-for").iter().map(HeaderValue::as_bytes).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
    let mut hops = hops.map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty());
    let mut here = peer.to_canonical();
    while is_trusted(here, trusted) {
        match hops.next().map(hop) {
            Some(Some(next)) => here = next,
            Some(None) | None => break,
        }
    }
    here
}

/// An address as proxies write it: bare, in brackets, with a port.
fn hop(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?;
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let bare: Option<IpAddr> = bare.unwrap_or(text).parse().ok();
    let address = bare.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))?;
    Some(address.to_canonical())
}

fn device(agent: &str) -> (&'static str, bool) {
    const KNOWN: &[(&str, &str, bool)] = &[
        ("iPhone", "iphone", true),
        ("iPad", "ipad", true),
        ("Android", "android", true),
        ("Windows", "windows", false),
        ("Macintosh", "mac", false),
        ("Linux", "linux", false),
    ];
    let known = KNOWN.iter().find(|(mark, _, _)| agent.contains(mark));
    known.map_or(("other", false), |(_, device, phone)| (device, *phone))
}

#[cfg(test)]
mod tests {
    use super::{is_trusted, named};
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;

    #[test]
    fn a_trusted_proxy_is_known_however_its_address_is_written() {
        let one = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(is_trusted(one("::ffff:10.0.0.1"), &[one("10.0.0.1")]));
        assert!(is_trusted(one("10.0.0.1"), &[one("::ffff:10.0.0.1")]));
        assert!(!is_trusted(one("10.0.0.2"), &[one("10.0.0.1")]));
    }

    const PROXIES: [&str; 3] = ["10.0.0.1", "::ffff:10.0.0.2", "2001:db8::1"];

    fn seen(peer: &str, lines: &[&[u8]]) -> String {
        let trusted: Vec<IpAddr> = PROXIES.iter().map(|proxy| proxy.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line).unwrap());
        }
        named(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn the_nearest_address_that_no_trusted_proxy_has_is_the_clients() {
        let cases: [(&str, &[&[u8]], &str); 14] = [
            ("203.0.113.5", &[], "203.0.113.5"),
            ("203.0.113.5", &[b"198.51.100.7"], "203.0.113.5"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &[b"198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &[b"1.2.3.4, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &[b"1.2.3.4", b"198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &[b"1.2.3.4, 5.6.7.8", b"198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &[b"198.51.100.7:4711"], "198.51.100.7"),
            ("10.0.0.1", &[b"[2001:db8:7::9]:4711"], "2001:db8:7::9"),
            ("2001:db8::1", &[b"[2001:db8:7::9]"], "2001:db8:7::9"),
            ("10.0.0.2", &[b"::ffff:198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &[b"10.0.0.2, 2001:db8::1"], "10.0.0.2"),
            ("10.0.0.1", &[b"198.51.100.7 ,, "], "198.51.100.7"),
            ("10.0.0.1", &[b"1.2.3.4", b"", b"198.51.100.7"], "198.51.100.7"),
        ];
        for (peer, lines, client) in cases {
            assert_eq!(seen(peer, lines), client, "{peer} {lines:?}");
        }
    }

    #[test]
    fn a_hop_that_cannot_be_read_is_no_other_address() {
        for odd in ["unknown", "_hidden", "1.2.3", "999.1.1.1", "fe80::1%eth0", "\"1.2.3.4\"", "for=1.2.3.4"]
        {
            for line in [format!("1.2.3.4, {odd}"), format!("1.2.3.4, {odd}, 10.0.0.2")] {
                let last = if line.ends_with('2') { "10.0.0.2" } else { "10.0.0.1" };
                assert_eq!(seen("10.0.0.1", &[line.as_bytes()]), last, "{line}");
            }
        }
        assert_eq!(seen("10.0.0.1", &[b"1.2.3.4, \xff\xfe"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[b"1.2.3.4", b"\xff"]), "10.0.0.1");
    }
}
