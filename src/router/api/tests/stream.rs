use crate::testing::World;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn the_stream_tells_of_every_place_and_goes_on_where_it_broke() {
    let world = World::with_cast().await;
    let group = world.free_group("saeki", "褥瘡の会", &["moriyama"]).await;
    let served = world.serve().await;
    let mut doctor = world.program("saeki").await;
    let mut heard = doctor.listen("/api/v1/events", &[]).await;
    assert_eq!(heard.next().await.expect("an event").event, "count");
    let mut nurse = world.program("moriyama").await;
    let posts = format!("/api/v1/groups/{group}/posts");
    let _ = nurse.tell(&posts, json!({"body": "新しい"})).await.expect(201);
    let told = loop {
        let told = heard.next().await.expect("an event");
        if told.event == "place" && told.json()["group"] == group.to_string() && told.json()["unread"] == 1 {
            break told;
        }
    };
    assert!(told.json().get("html").is_none(), "{told:?}");
    assert_eq!(told.json()["seq"], 1);
    drop(heard);
    let _ = nurse.tell(&posts, json!({"body": "もう一つ"})).await.expect(201);
    let mut again = doctor.listen("/api/v1/events", &[("last-event-id", &told.id)]).await;
    loop {
        let told = again.next().await.expect("an event");
        if told.event == "place" && told.json()["unread"] == 2 {
            break;
        }
    }
    let _ = world.stranger().ask(Method::GET, "/api/v1/events").await.problem(401);
    drop((again, served));
    world.close().await;
}
