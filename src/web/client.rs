//! Where a request came from and on what kind of device.

use crate::{House, Trouble};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
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
    let trusted = &house.config.trusted_proxies;
    if !trusted.contains(&peer) {
        return peer;
    }
    // The last address that no trusted proxy wrote is the client's own.
    let named = said(parts, "x-forwarded-for").rsplit(',').filter_map(|hop| hop.trim().parse().ok());
    named.into_iter().find(|hop| !trusted.contains(hop)).unwrap_or(peer)
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
