//! What machines ask: is it alive, is it ready, how much does it do.

use crate::web::Client;
use crate::{House, Outcome, Trouble};
use axum::Router;
use axum::extract::{Extension, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tasuki_value::SECOND;
use tokio::sync::Mutex;

static COUNTS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Seconds: from a page out of memory to a large file over a thin line.
const BUCKETS: &[f64] = &[0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
const TIDY_EVERY: Duration = Duration::from_secs(10);

/// Begins to count.
pub fn count() {
    let builder = PrometheusBuilder::new().set_buckets(BUCKETS);
    if let Ok(counts) = builder.and_then(PrometheusBuilder::install_recorder) {
        let tidy = COUNTS.get_or_init(|| counts).clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(TIDY_EVERY).await;
                tidy.run_upkeep();
            }
        });
    }
}

/// The three questions, on the house's own address.
pub fn routes() -> Router<House> {
    let questions = Router::new().route("/healthz", get(alive)).route("/readyz", get(ready));
    questions.route("/metrics", get(metrics_here)).layer(Extension(LastLook::default()))
}

/// The three questions on an address of their own, which the operator keeps from the outside.
pub fn for_operators(house: House) -> Router {
    let questions = Router::new().route("/healthz", get(alive)).route("/readyz", get(ready));
    questions.route("/metrics", get(metrics)).layer(Extension(LastLook::default())).with_state(house)
}

async fn alive() -> &'static str {
    "ok\n"
}

/// Anybody may ask, so the answer is looked up once in a while only.
#[derive(Clone, Default)]
struct LastLook(Arc<Mutex<Option<Found>>>);

/// When it was looked, and what was found.
type Found = (Instant, Vec<Part>);

const GOOD_FOR: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy)]
struct Part {
    name: &'static str,
    well: bool,
}

async fn ready(house: House, Extension(last): Extension<LastLook>) -> Response {
    let mut last = last.0.lock().await;
    let fresh = last.as_ref().filter(|(at, _)| at.elapsed() < GOOD_FOR).map(|(_, parts)| parts.clone());
    let parts = match fresh {
        Some(parts) => parts,
        None => last.insert((Instant::now(), look(&house).await)).1.clone(),
    };
    let mut words = String::new();
    for Part { name, well } in &parts {
        let _ = writeln!(words, "{name}: {}", if *well { "ok" } else { "not ready" });
    }
    let status = match parts.iter().all(|part| part.well) {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, words).into_response()
}

async fn look(house: &House) -> Vec<Part> {
    let own_key = house.own_key;
    let keys = house.read(move |tx| tx.key(own_key).map(|_| ()));
    let keys = in_time(async { keys.await.is_ok() });
    let database = in_time(async { house.read(|tx| Ok(tx.now())).await.is_ok() });
    let files = in_time(async { house.blobs.check().await.is_ok() });
    let (database, keys, files) = tokio::join!(database, keys, files);
    let silent = house.pulse.silent(house.now());
    vec![
        Part { name: "database", well: database },
        Part { name: "keys", well: keys },
        Part { name: "files", well: files },
        Part { name: "relay", well: !silent.contains(&"relay") },
        Part { name: "errands", well: !silent.contains(&"errands") },
    ]
}

async fn in_time(well: impl Future<Output = bool>) -> bool {
    tokio::time::timeout(PATIENCE, well).await.unwrap_or(false)
}

/// Only a program on this machine counts us here; what came through a proxy came from somewhere else.
async fn metrics_here(house: House, client: Client, request: Request) -> Outcome<Response> {
    let headers = request.headers();
    let through = ["x-forwarded-for", "forwarded", "via"].iter().any(|name| headers.contains_key(*name));
    // Under https a proxy stands in front, and one that says nothing of itself looks like this machine.
    let behind_a_silent_proxy = house.config.secure && house.config.trusted_proxies.is_empty();
    if !client.address.is_loopback() || through || behind_a_silent_proxy {
        return Err(Trouble::unseen());
    }
    Ok(metrics(house).await)
}

async fn metrics(house: House) -> Response {
    let Some(counts) = COUNTS.get() else { return StatusCode::NOT_FOUND.into_response() };
    metrics::gauge!("tasuki_people_listening")
        .set(f64::from(u32::try_from(house.presence.people()).unwrap_or(u32::MAX)));
    if let Some(lag) = house.pulse.copy_lag(house.now()) {
        metrics::gauge!("tasuki_copy_lag_seconds").set(lag as f64 / SECOND as f64);
    }
    if let Some((space, floor)) = house.blobs.space() {
        metrics::gauge!("tasuki_disk_free_bytes").set(space.free as f64);
        metrics::gauge!("tasuki_disk_floor_bytes").set(floor as f64);
    }
    let spent = house.meter.spent();
    metrics::counter!("tasuki_database_statements_total").absolute(spent.statements);
    metrics::counter!("tasuki_database_rows_total").absolute(spent.rows);
    if let Some(up) = house.relay.bus().is_up() {
        metrics::gauge!("tasuki_nats_connected").set(f64::from(u8::from(up)));
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, counts.render()).into_response()
}
