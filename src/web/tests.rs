use crate::serve;
use crate::testing::World;

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
