use crate::testing::{Visitor, World};
use axum::http::Method;
use serde_json::{Value, json};

async fn joined(program: &mut Visitor, invitation: &Value) -> Value {
    let path = format!("/api/v1/invitations/{}/acceptance", invitation["id"].as_str().unwrap());
    program.ask(Method::POST, &path).await.expect(200).json()
}

#[tokio::test]
async fn a_group_is_made_somebody_invited_and_in() {
    let world = World::with_cast().await;
    let (mut doctor, mut nurse) = (world.program("saeki").await, world.program("moriyama").await);
    let made = doctor.tell("/api/v1/groups", json!({"name": " 褥瘡の会 "})).await.expect(201).json();
    assert_eq!(made["name"], "褥瘡の会");
    let group = made["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/groups/{group}/invitations");
    let person = json!({"account": world.account("moriyama").to_string()});
    let invitation = doctor.tell(&path, person.clone()).await.expect(201).json();
    assert_eq!(invitation["state"], "awaiting_invitee");
    assert_eq!(doctor.tell(&path, person.clone()).await.expect(201).json()["id"], invitation["id"]);

    let posts = format!("/api/v1/groups/{group}/posts");
    let _ = nurse.ask(Method::GET, &posts).await.problem(404);
    let waiting = nurse.ask(Method::GET, "/api/v1/invitations").await.expect(200).json();
    let waiting = &waiting["invitations"][0];
    assert_eq!((&waiting["id"], &waiting["name"]), (&invitation["id"], &made["name"]));
    assert_eq!((&waiting["members"], &waiting["inviter"]["name"]), (&json!(1), &json!("佐伯 健一")));
    let mut mori = world.program("mori").await;
    let acceptance = format!("/api/v1/invitations/{}/acceptance", invitation["id"].as_str().unwrap());
    let _ = mori.ask(Method::POST, &acceptance).await.problem(404);
    for _ in 0..2 {
        assert_eq!(joined(&mut nurse, &invitation).await["group"], group);
    }
    let _ = nurse.ask(Method::GET, &posts).await.expect(200);
    let _ = doctor.tell(&path, person).await.problem(409);
    world.close().await;
}

#[tokio::test]
async fn only_people_one_knows_or_addresses_are_invited_and_an_address_tells_nothing() {
    let world = World::with_cast().await;
    let mut doctor = world.program("saeki").await;
    let group = world.free_group("saeki", "褥瘡の会", &[]).await;
    let path = format!("/api/v1/groups/{group}/invitations");
    let mori = json!({"account": world.account("mori").to_string()});
    let stranger = doctor.tell(&path, mori).await.problem(422);
    let nobody = doctor.tell(&path, json!({"account": "00000000000000000000000000"})).await.problem(422);
    assert_eq!(stranger, nobody);
    assert_eq!(stranger["errors"][0]["field"], "account");
    let known = doctor.tell(&path, json!({"email": "mori@example.jp"})).await.expect(201).json();
    let unknown = doctor.tell(&path, json!({"email": "nobody@example.jp"})).await.expect(201).json();
    assert_eq!(known["state"], unknown["state"]);
    for wrong in [json!({}), json!({"email": "x"}), json!({"email": "saeki@example.jp"})] {
        let _ = doctor.tell(&path, wrong).await.problem(422);
    }
    for name in ["", " ", &"あ".repeat(51), "\u{e000}"] {
        let problem = doctor.tell("/api/v1/groups", json!({"name": name})).await.problem(422);
        assert_eq!(problem["errors"][0]["field"], "name");
    }
    world.close().await;
}

#[tokio::test]
async fn a_patient_is_registered_and_the_consent_opens_writing() {
    let world = World::with_cast().await;
    let (mut doctor, mut nurse) = (world.program("saeki").await, world.program("moriyama").await);
    let asked = json!({
        "family": "岡田", "given": "久恵", "family_kana": "オカダ", "sex": "female", "birth": "1939-03-02",
        "diseases": ["脳梗塞後遺症"], "staff": [world.seat("moriyama").to_string()],
        "contacts": [{"name": "岡田 一郎", "phone": "086-000-0009"}],
    });
    let patient = doctor.tell("/api/v1/patients", asked).await.expect(201).json();
    let (id, group) = (patient["id"].as_str().unwrap(), patient["group"].as_str().unwrap());
    let posts = format!("/api/v1/groups/{group}/posts");
    let words = json!({"body": "訪問しました", "side": "professional"});
    let _ = nurse.tell(&posts, words.clone()).await.problem(403);
    let path = format!("/api/v1/patients/{id}/consents");
    let paper =
        json!({"method": "written_region_form", "signer": "patient", "explainer_phone": "086-000-0001"});
    let consent = doctor.tell(&path, paper.clone()).await.expect(201).json();
    assert_eq!(consent["state"], "valid");
    assert_eq!(doctor.tell(&path, paper.clone()).await.expect(201).json()["id"], consent["id"]);
    let _ = nurse.tell(&posts, words).await.expect(201);
    let home = nurse.ask(Method::GET, "/api/v1/home").await.expect(200).json();
    let place =
        home["places"].as_array().unwrap().iter().find(|place| place["patient"] == id).unwrap().clone();
    assert_eq!((&place["kind"], &place["consent"]), (&json!("patient"), &json!("valid")));

    let mut mori = world.program("mori").await;
    let _ = mori.tell(&path, paper).await.problem(404);
    let _ = mori.ask(Method::GET, &posts).await.problem(404);
    world.close().await;
}

#[tokio::test]
async fn what_is_wrong_about_a_patient_or_a_consent_is_said_at_the_field() {
    let world = World::with_cast().await;
    let mut doctor = world.program("saeki").await;
    let fields = |problem: Value| -> Vec<String> {
        let errors = problem["errors"].as_array().unwrap().clone();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    };
    let _ = doctor.tell("/api/v1/patients", json!({"family": "岡田"})).await.problem(422);
    let _ = doctor.tell("/api/v1/patients", json!({"family": "岡田", "sex": "x"})).await.problem(422);
    let asked = json!({"family": " ", "sex": "male", "birth": "2027-01-01", "postal_code": "12"});
    assert_eq!(
        fields(doctor.tell("/api/v1/patients", asked).await.problem(422)),
        ["family", "birth", "postal_code"]
    );
    let patient = world.patient("saeki", "岡田", "久恵", &[]).await;
    let path = format!("/api/v1/patients/{patient}/consents");
    let spoken = json!({"method": "telephone", "signer": "family", "explainer_phone": "086-000-0001"});
    let wrong = fields(doctor.tell(&path, spoken).await.problem(422));
    assert_eq!(wrong, ["signer_name", "relationship", "given_at", "witness"]);
    world.close().await;
}
