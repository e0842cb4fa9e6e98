//! Runs a house until it is asked to stop.

use super::open::open;
use super::{Said, acts, copy, door, health, keys, record, said};
use crate::config::Plan;
use crate::phrases::program as words;
use crate::{House, audit, errands, events, router, serve as house_list};
use axum::Router;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// What has not ended so long after the word is cut off.
const GOODBYE: Duration = Duration::from_secs(20);
const COUNTED_EVERY: Duration = Duration::from_secs(60);

/// Runs the house until it is asked to stop.
///
/// # Errors
/// Says what is missing.
pub async fn serve(plan: Plan) -> Said<()> {
    let (plan, listener) = bind(plan).await?;
    health::count();
    let house = open(&plan).await?;
    acts::started(&house).await;
    if plan.mail.is_none() {
        eprintln!("{}", words::MAIL_HELD);
    }
    if let Some(address) = plan.metrics_listen {
        let listener =
            TcpListener::bind(address).await.map_err(|error| vec![words::no_listen(address, &error)])?;
        tokio::spawn(answer(listener, health::for_operators(house.clone()), house.clone()));
    }
    eprintln!("{}: {}", words::READY, house.config.url);
    let (quiet, hears) = tokio::sync::oneshot::channel();
    let copying = tokio::spawn(copy::run(house.clone(), plan, hears));
    let served = run(house, listener).await;
    drop(quiet);
    let _ = tokio::time::timeout(GOODBYE, copying).await;
    served
}

/// Takes the address first: two programs on one folder would be a mistake found late. Port 0 becomes the port
/// that was free.
pub async fn bind(mut plan: Plan) -> Said<(Plan, TcpListener)> {
    let asked = plan.config.listen;
    let listener = TcpListener::bind(asked).await.map_err(|error| vec![words::no_listen(asked, &error)])?;
    let given = listener.local_addr().map_err(said)?;
    if asked.port() == 0 && plan.config.url == format!("http://{asked}") {
        plan.config.url = format!("http://{given}");
    }
    plan.config.listen = given;
    Ok((plan, listener))
}

/// Serves an open house on a listener until the machine asks to stop; then streams end, requests are answered,
/// errands finish what they began.
pub async fn run(house: House, listener: TcpListener) -> Said<()> {
    // A line and sometimes a file for each open page: as many as the machine gives.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
    let closing = house.closing.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        eprintln!("{}", words::CLOSING);
        closing.begin();
    });
    let watch = tokio::spawn(audit::watch(house.clone()));
    let relay = tokio::spawn(events::run(house.clone(), house_list::listeners()));
    let closed = house.closing.clone().begun();
    // The turn by night stands beside the rooms' errands: it belongs to the program, as the copy of the keys does.
    let mut list = house_list::errands();
    list.extend(keys::errand(&house).into_iter().chain(record::errand(&house)));
    for called in [keys::call(&house).await, record::call(&house).await] {
        if let Err(trouble) = called {
            trouble.log();
        }
    }
    let work = tokio::spawn(errands::run(house.clone(), list, closed));
    let counting = tokio::spawn(count_looks(house.clone()));
    let served = answer(listener, router::router(house.clone()), house.clone()).await;
    let _ = tokio::time::timeout(GOODBYE, work).await;
    counting.abort();
    if let Err(trouble) = audit::count_looks(&house, true).await {
        trouble.log();
    }
    relay.abort();
    watch.abort();
    served
}

/// Writes down how often something was looked at again, once its window is over.
async fn count_looks(house: House) {
    loop {
        tokio::time::sleep(COUNTED_EVERY).await;
        if let Err(trouble) = audit::count_looks(&house, false).await {
            trouble.log();
        }
    }
}

async fn answer(listener: TcpListener, router: Router, house: House) -> Said<()> {
    let cut_off = async {
        house.closing.clone().begun().await;
        tokio::time::sleep(GOODBYE).await;
    };
    tokio::select! {
        () = door::serve(listener, router, &house) => Ok(()),
        () = cut_off => Ok(()),
    }
}

async fn asked_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => terminate.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
