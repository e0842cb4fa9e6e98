use crate::serve;
use crate::testing::World;
use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt;

#[tokio::test]
async fn every_statement_prepares() {
    let world = World::empty().await;
    let refused = world.house.db.prepare_all(serve::statements()).await.unwrap();
    assert!(refused.is_empty(), "{refused:#?}");
    world.close().await;
}

#[tokio::test]
async fn the_cast_comes_to_work() {
    let world = World::with_cast().await;
    let mut nurse = world.visit("moriyama").await;
    let answer = nurse.get("/nowhere").await;
    assert_eq!(answer.status.as_u16(), 404);
    world.close().await;
}

/// A request of nobody, with exactly these headers.
async fn sent(world: &World, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let router = crate::router::router(world.house.clone());
    router.oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_request_of_two_readings_is_refused() {
    let world = World::empty().await;
    let host = ("host", "tasuki.test");
    assert_eq!(sent(&world, "GET", "/about", &[host]).await, 200);
    assert_eq!(sent(&world, "GET", "/healthz", &[("host", "192.0.2.7:8080")]).await, 200);
    let refused: &[&[(&str, &str)]] = &[
        &[],
        &[("host", "")],
        &[host, host],
        &[host, ("host", "elsewhere.test")],
        &[("host", "a b")],
        &[("host", "nurse@tasuki.test")],
        &[host, ("authorization", "Bearer a"), ("authorization", "Bearer b")],
        &[host, ("content-length", "0"), ("transfer-encoding", "chunked")],
        &[host, ("idempotency-key", "a"), ("idempotency-key", "b")],
    ];
    for headers in refused {
        assert_eq!(sent(&world, "GET", "/about", headers).await, 400, "{headers:?}");
        assert_eq!(sent(&world, "GET", "/api/v1/home", headers).await, 400, "{headers:?}");
    }
    assert_eq!(sent(&world, "GET", "http://elsewhere.test/about", &[host]).await, 400);
    world.close().await;
}

#[tokio::test]
async fn a_house_with_tls_takes_its_own_origin_and_no_other() {
    let world = World::empty().await;
    let mut rooms = (*world.house).clone();
    (rooms.config.url, rooms.config.secure) = ("https://tasuki.test".to_owned(), true);
    let house = crate::House::new(rooms);
    let changes = |headers: &[(&str, &str)]| {
        let mut request = Request::builder().method("POST").uri("/sign-in").header("host", "tasuki.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        super::gate::of_another_site(&house, &request.body(Body::empty()).unwrap()).is_some()
    };
    for ours in ["https://tasuki.test", "https://TASUKI.test:443"] {
        assert!(!changes(&[("origin", ours)]), "{ours}");
        assert!(!changes(&[("origin", ours), ("sec-fetch-site", "same-origin")]), "{ours}");
    }
    let foreign = [
        "http://tasuki.test",
        "http://tasuki.test:443",
        "https://tasuki.test:8443",
        "null",
        "https://elsewhere.test",
    ];
    for foreign in foreign {
        assert!(changes(&[("origin", foreign)]), "{foreign}");
        assert!(changes(&[("origin", foreign), ("sec-fetch-site", "same-origin")]), "{foreign}");
        assert!(changes(&[("referer", foreign), ("cookie", "a=b")]), "{foreign}");
    }
    assert!(changes(&[("sec-fetch-site", "same-site"), ("origin", "https://tasuki.test")]));
    world.close().await;
}
