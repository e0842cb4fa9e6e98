use crate::testing::World;

#[tokio::test]
async fn a_registered_patient_has_a_group_and_a_consent() {
    let world = World::with_cast().await;
    let patient = world.patient("saeki", "岡田", "久恵", &["moriyama", "kiyono"]).await;
    world.consent("saeki", patient).await;
    world.withdraw_consent("saeki", patient).await;
    world.close().await;
}
