use super::{Bus, BusSettings};
use bytes::Bytes;
use std::time::Duration;

#[test]
fn addresses_are_read_and_passwords_never_printed() {
    let settings =
        BusSettings::read("tls://tasuki:very%2Dsecret@nats.example, nats://10.0.0.7:4333").unwrap();
    assert_eq!(format!("{settings:?}"), "BusSettings(nats.example:4222, 10.0.0.7:4333)");
    assert_eq!(super::user(&settings.servers[0]), Some(("tasuki".to_owned(), "very-secret".to_owned())));
    for wrong in ["", "http://nats.example", "nats://secret@", "nats://a,,nats://b"] {
        let error = BusSettings::read(wrong).expect_err(wrong).to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn nobody_waits_for_a_server_that_is_not_there() {
    assert!(!Bus::none().say(Bytes::from_static(b"word")));
    assert_eq!(Bus::none().is_up(), None);
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = BusSettings::read(&format!("nats://{port}")).unwrap();
    let bus = Bus::nats(&settings, "house");
    let running = tokio::spawn({
        let bus = bus.clone();
        async move { bus.run(|_| {}).await }
    });
    for _ in 0..10_000 {
        assert!(!bus.say(Bytes::from_static(b"word")), "let go, not kept for later");
    }
    assert_eq!(bus.is_up(), Some(false));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!running.is_finished(), "it goes on trying");
    running.abort();
    assert!(settings.check().await.is_err());
}
