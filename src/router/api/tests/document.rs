use crate::testing::World;
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::HashSet;

/// Every operation: its method, its path, and what is said about it.
fn operations(document: &Value) -> Vec<(Method, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("operations").iter().map(move |(method, said)| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).expect("a method");
            (method, path.clone(), said.clone())
        })
    });
    operations.collect()
}

/// A path with every name in braces replaced.
fn filled(path: &str, with: &str) -> String {
    let pieces = path.split('/').map(|piece| if piece.starts_with('{') { with } else { piece });
    pieces.collect::<Vec<_>>().join("/")
}

/// Whether anybody may ask without a token.
fn open(said: &Value) -> bool {
    said["security"] == json!([{}])
}

const OF_NOTHING: &str = "00000000000000000000000000";

#[tokio::test]
async fn the_document_is_openapi_3_1_and_complete() {
    let world = World::empty().await;
    let mut nobody = world.stranger();
    let document = nobody.get("/api/v1/openapi.json").await.expect(200).json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    let operations = operations(&document);
    let ids: HashSet<_> =
        operations.iter().map(|(_, _, said)| said["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), operations.len(), "operation ids are unique: {ids:?}");
    let tags: HashSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for (method, path, said) in &operations {
        let name = format!("{method} {path}");
        assert!(path.starts_with("/api/v1/"), "{name}");
        assert!(said["summary"].as_str().is_some_and(|words| !words.is_empty()), "{name} has no summary");
        assert!(tags.contains(said["tags"][0].as_str().unwrap()), "{name} has no known tag");
        assert_eq!(said["responses"]["default"]["$ref"], "#/components/responses/Problem", "{name}");
        let named = path.split('/').filter_map(|piece| piece.strip_prefix('{')?.strip_suffix('}'));
        let mut told =
            said["parameters"].as_array().into_iter().flatten().filter(|told| told["in"] == "path");
        for name in named {
            assert!(told.any(|told| told["name"] == name), "{path}: {name} is not described");
        }
        assert!(told.next().is_none(), "{path}: more is described than there is");
    }
    world.close().await;
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_field_is_typed() {
    let document: Value = serde_json::from_str(super::super::text()).unwrap();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 10);
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("inside the document");
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[tokio::test]
async fn every_described_path_is_served_and_asks_nobody_in() {
    let world = World::empty().await;
    let mut nobody = world.stranger();
    let document: Value = serde_json::from_str(super::super::text()).unwrap();
    for (method, path, said) in operations(&document) {
        let answer = nobody.json(method.clone(), &filled(&path, OF_NOTHING), &json!({})).await;
        assert_ne!(answer.status, 405, "{method} {path} is not served");
        if open(&said) {
            assert!(answer.status == 200 || answer.status == 422, "{method} {path}: {}", answer.text());
        } else {
            let _ = answer.problem(401);
        }
    }
    world.close().await;
}

#[tokio::test]
async fn what_is_no_id_and_what_is_not_there_answer_alike() {
    let world = World::with_cast().await;
    let mut program = world.program("mori").await;
    let document: Value = serde_json::from_str(super::super::text()).unwrap();
    for (method, path, _) in operations(&document).into_iter().filter(|(_, path, _)| path.contains('{')) {
        let malformed = program.json(method.clone(), &filled(&path, "no-id"), &json!({})).await.problem(404);
        assert_eq!(malformed["detail"], crate::phrases::api::UNSEEN.1, "{method} {path}");
    }
    world.close().await;
}

#[tokio::test]
async fn other_paths_and_methods_are_problems_too() {
    let world = World::with_cast().await;
    let mut program = world.program("mori").await;
    for path in ["/api/v1/nothing", "/api/v1/groups/x/y/z", "/api/v1/"] {
        let _ = program.ask(Method::GET, path).await.problem(404);
    }
    let wrong = program.ask(Method::DELETE, "/api/v1/me").await;
    assert_eq!(wrong.headers.get("allow").and_then(|value| value.to_str().ok()), Some("GET,HEAD"));
    let _ = wrong.problem(405);
    world.close().await;
}
