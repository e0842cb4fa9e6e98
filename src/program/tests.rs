use super::open::missing_migrations;
use super::{health, open};
use crate::config::{Plan, Sources, plan};
use crate::router::around;
use crate::testing::World;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, response::Response};
use std::path::PathBuf;
use std::time::Duration;
use tasuki_base::seal::Keyring;
use tower::ServiceExt;

#[tokio::test]
async fn a_house_is_ready_once_everything_runs() {
    let world = World::with_cast().await;
    let _ = world.stranger().get("/healthz").await.expect(200);
    let early = world.stranger().get("/readyz").await.expect(503);
    assert!(early.has("database: ok") && early.has("relay: not ready"), "{}", early.text());
    world.house.pulse.relay(world.house.now());
    world.house.pulse.errands(world.house.now());
    let _ = world.stranger().get("/readyz").await.expect(200);
    world.close().await;
}

#[tokio::test]
async fn counts_name_routes_and_never_what_was_asked_for() {
    let world = World::with_cast().await;
    health::count();
    let _ = world.stranger().get("/password-reset/SECRET-TOKEN?mail=a@example.jp").await;
    let counts = world.stranger().get("/metrics").await.expect(200).text();
    assert!(counts.contains("/password-reset/{token}"), "{counts}");
    assert!(!counts.contains("SECRET") && !counts.contains("example.jp"), "{counts}");
    let through_a_proxy = [("x-forwarded-for", "203.0.113.9")];
    let asked =
        world.stranger().send_with(axum::http::Method::GET, "/metrics", &through_a_proxy, Vec::new()).await;
    let _ = asked.expect(404);
    world.close().await;
}

async fn falls() -> Response {
    panic!("with somebody's words");
}

async fn news() -> Response {
    let never = futures_util::stream::pending::<Result<String, std::io::Error>>();
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(never)).into_response()
}

/// A house with two more doors, for what no real page does.
fn odd(world: &World) -> Router {
    let house = world.house.clone();
    let doors =
        Router::new().route("/falls", get(falls)).route("/api/falls", get(falls)).route("/news", get(news));
    doors.layer(from_fn_with_state(house.clone(), around)).with_state(house)
}

async fn ask(router: Router, path: &str) -> Response {
    router
        .oneshot(Request::get(path).header("host", "tasuki.test").body(Body::empty()).unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_fall_ends_in_the_error_page_with_a_number_to_tell() {
    let world = World::empty().await;
    let page = ask(odd(&world), "/falls").await;
    assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(page.headers().contains_key("x-request-id"));
    let bytes = axum::body::to_bytes(page.into_body(), 1 << 20).await.unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("うまくいきませんでした") && !text.contains("somebody"), "{text}");
    let problem = ask(odd(&world), "/api/falls").await;
    assert_eq!(problem.headers()[header::CONTENT_TYPE], "application/problem+json");
    world.close().await;
}

#[tokio::test]
async fn streams_end_with_the_house() {
    let world = World::empty().await;
    let stream = ask(odd(&world), "/news").await;
    let reading = tokio::spawn(axum::body::to_bytes(stream.into_body(), 1024));
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!reading.is_finished());
    world.house.closing.begin();
    let read = tokio::time::timeout(Duration::from_secs(5), reading).await.expect("an end");
    assert_eq!(read.unwrap().unwrap().len(), 0);
    world.close().await;
}

#[tokio::test]
async fn pages_travel_compressed_where_the_browser_reads_it() {
    let world = World::empty().await;
    let headers = [("accept-encoding", "gzip")];
    let page = world.stranger().send_with(axum::http::Method::GET, "/sign-in", &headers, Vec::new()).await;
    assert_eq!(page.headers[header::CONTENT_ENCODING], "gzip");
    world.close().await;
}

/// A folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tasuki-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn plan(&self) -> Plan {
        let data = self.0.join("data").display().to_string();
        let flags = [("TASUKI_DATA", Some(data))];
        let sources = Sources::gather(&flags, |_| None, None).unwrap();
        plan(&sources, false).unwrap_or_else(|wrong| panic!("{wrong:?}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_house_whose_keys_are_gone_stays_shut_and_makes_no_new_ones() {
    let folder = Folder::new("keys");
    let plan = folder.plan();
    let keyring = plan.keyring.as_folder().unwrap().to_owned();
    drop(open(&plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}")));
    drop(open(&plan).await.unwrap_or_else(|wrong| panic!("twice: {wrong:?}")));
    for lost in [&[&plan.master, &keyring][..], &[&keyring], &[&plan.master]] {
        let kept: Vec<_> =
            lost.iter().map(|path| (path, PathBuf::from(format!("{}.kept", path.display())))).collect();
        kept.iter().for_each(|(path, aside)| std::fs::rename(path, aside).unwrap());
        let refused = open(&plan).await.err().expect("a house without its keys");
        assert!(refused.concat().contains("鍵が見つかりません"), "{refused:?}");
        for (path, aside) in &kept {
            assert!(!path.exists(), "{} was made anew", path.display());
            std::fs::rename(aside, path).unwrap();
        }
    }
    drop(open(&plan).await.unwrap_or_else(|wrong| panic!("with the keys back: {wrong:?}")));
}

#[tokio::test]
async fn a_house_opens_with_its_own_keys_alone() {
    let (folder, stranger) = (Folder::new("own"), Folder::new("other"));
    let (plan, other) = (folder.plan(), stranger.plan());
    for plan in [&plan, &other] {
        drop(open(plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}")));
    }
    let refused = async |master: &PathBuf, keyring: &Keyring| {
        let plan = Plan { master: master.clone(), keyring: keyring.clone(), ..plan.clone() };
        open(&plan).await.err().expect("a house with others' keys").concat()
    };
    let mixed = refused(&other.master, &plan.keyring).await;
    assert!(mixed.contains("マスター鍵と鍵束の組み合わせが違います"), "{mixed}");
    let mixed = refused(&plan.master, &other.keyring).await;
    assert!(mixed.contains("マスター鍵と鍵束の組み合わせが違います"), "{mixed}");
    let fitting = refused(&other.master, &other.keyring).await;
    assert!(fitting.contains("別のたすき"), "{fitting}");
    // Others whose epochs have other numbers.
    let keys = || {
        tasuki_base::seal::Vault::open_or_make(
            &other.keyring,
            &other.master,
            &tasuki_base::Chance::system(),
            tasuki_value::Ts(0),
        )
    };
    let (vault, _) = keys().unwrap();
    let newest = vault.begin_turn(&tasuki_base::Chance::system(), tasuki_value::Ts(0)).unwrap();
    vault.finish_turn(newest).unwrap();
    let fitting = refused(&other.master, &other.keyring).await;
    assert!(fitting.contains("世代 1") && fitting.contains("別のたすき"), "{fitting}");
    drop(open(&plan).await.unwrap_or_else(|wrong| panic!("with its own: {wrong:?}")));
}

#[tokio::test]
async fn what_a_migration_would_do_is_told_without_doing_it() {
    let folder = Folder::new("check");
    let plan = folder.plan();
    let all = missing_migrations(&plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}"));
    assert_eq!(all.len(), crate::serve::migrations().len());
    assert!(!folder.0.join("data").exists(), "looking makes nothing");
    drop(open(&plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}")));
    assert!(missing_migrations(&plan).await.unwrap_or_else(|wrong| panic!("{wrong:?}")).is_empty());
}
