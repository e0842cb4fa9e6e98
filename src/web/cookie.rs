//! Cookies: only ours, only for this host, never for a script.

use crate::House;
use axum::http::{HeaderMap, HeaderValue, header};
use tasuki_value::SECOND;

/// The name a browser keeps it under; `__Host-` binds it to this host and to TLS, and browsers refuse that
/// without TLS.
#[must_use]
pub fn full_name(house: &House, name: &str) -> String {
    if house.config.secure { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of a cookie, if the browser sent it.
#[must_use]
pub fn read<'h>(headers: &'h HeaderMap, house: &House, name: &str) -> Option<&'h str> {
    let name = full_name(house, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A line that keeps `value` for `life` microseconds, or until the browser closes.
///
/// A value that cannot stand in a header keeps nothing.
#[must_use]
pub fn keep(house: &House, name: &str, value: &str, life: Option<i64>) -> HeaderValue {
    let name = full_name(house, name);
    let secure = if house.config.secure { "; Secure" } else { "" };
    let life = life.map(|life| format!("; Max-Age={}", life / SECOND)).unwrap_or_default();
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}");
    HeaderValue::from_str(&line).unwrap_or_else(|_| drop(house, &name))
}

/// A line that removes the cookie.
#[must_use]
pub fn drop(house: &House, name: &str) -> HeaderValue {
    let name = full_name(house, name);
    let secure = if house.config.secure { "; Secure" } else { "" };
    let line = format!("{name}=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0");
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static("x=; Max-Age=0"))
}
