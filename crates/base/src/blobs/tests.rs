use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::*;

const ID: Uuid = Uuid::from_u128(0x0192_f000_7000_7000_8000_0000_0000_0abc);

async fn behaves(blobs: Blobs) {
    let name = Name::of(ID);
    let thumb = Name::form(ID, "thumb");
    assert!(matches!(blobs.get(&name).await, Err(BlobError::Missing)));
    assert!(matches!(blobs.range(&name, 0..1).await, Err(BlobError::Missing)));
    assert_eq!(blobs.len(&name).await.unwrap(), None);

    blobs.put(&name, Bytes::from_static(b"0123456789")).await.unwrap();
    blobs.put(&thumb, Bytes::from_static(b"small")).await.unwrap();
    assert_eq!(blobs.get(&name).await.unwrap(), "0123456789");
    assert_eq!(blobs.get(&thumb).await.unwrap(), "small");
    assert_eq!(blobs.range(&name, 3..7).await.unwrap(), "3456");
    assert_eq!(blobs.range(&name, 9..10).await.unwrap(), "9");
    assert_eq!(blobs.len(&name).await.unwrap(), Some(10));
    assert!(blobs.exists(&thumb).await.unwrap());

    for bad in [8..11, 10..12, 40..41, 4..4] {
        let answer = blobs.range(&name, bad.clone()).await;
        assert!(matches!(answer, Err(BlobError::OutOfRange)), "{bad:?} gave {answer:?}");
    }

    blobs.put(&name, Bytes::from_static(b"second")).await.unwrap();
    assert_eq!(blobs.get(&name).await.unwrap(), "second");
    blobs.delete(&name).await.unwrap();
    blobs.delete(&name).await.expect("deleting what is gone is fine");
    assert!(!blobs.exists(&name).await.unwrap());
    assert!(blobs.exists(&thumb).await.unwrap(), "one form must not take the others along");
    blobs.check().await.unwrap();
}

#[tokio::test]
async fn memory_behaves() {
    behaves(Blobs::memory()).await;
}

#[tokio::test]
async fn a_folder_behaves_and_is_made_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/blobs");
    behaves(Blobs::folder(&path).unwrap()).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    assert!(!path.join("probe").exists(), "the check cleans up behind itself");
}

#[tokio::test]
async fn a_folder_survives_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let name = Name::part(ID, 7);
    Blobs::folder(dir.path()).unwrap().put(&name, Bytes::from_static(b"kept")).await.unwrap();
    assert_eq!(Blobs::folder(dir.path()).unwrap().get(&name).await.unwrap(), "kept");
}

#[test]
fn a_folder_that_is_a_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, b"x").unwrap();
    assert!(matches!(Blobs::folder(&path), Err(BlobError::Store(_))));
}

#[test]
fn names_are_ids_spread_over_folders() {
    let letters = tasuki_value::encode_id(ID);
    let folder = &letters[24..];
    assert_eq!(Name::of(ID).path().as_ref(), format!("{folder}/{letters}"));
    assert_eq!(Name::form(ID, "thumb").path().as_ref(), format!("{folder}/{letters}.thumb"));
    assert_eq!(Name::part(ID, 12).path().as_ref(), format!("{folder}/{letters}.00012"));
}

#[test]
#[should_panic(expected = "plain word")]
fn a_form_cannot_climb_out_of_the_store() {
    let _ = Name::form(ID, "../other");
}

#[tokio::test]
async fn a_bucket_is_asked_by_path_with_a_signature() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = S3Settings {
        endpoint: Some(format!("http://{}", listener.local_addr().unwrap())),
        bucket: "sealed".into(),
        region: "ap-northeast-1".into(),
        key: "AKID".into(),
        secret: "very-secret".into(),
        allow_http: true,
        patience: Duration::from_secs(15),
    };
    assert!(!format!("{settings:?}").contains("very-secret"));

    let served = tokio::spawn(async move {
        let (mut peer, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"cipher") {
            let mut some = [0; 4096];
            let n = peer.read(&mut some).await.unwrap();
            assert!(n > 0, "the request ended early");
            request.extend_from_slice(&some[..n]);
        }
        peer.write_all(b"HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        String::from_utf8(request).unwrap()
    });
    let blobs = Blobs::s3(&settings).unwrap();
    blobs.put(&Name::of(ID), Bytes::from_static(b"cipher")).await.unwrap();

    let request = served.await.unwrap();
    let path = Name::of(ID).path().to_string();
    assert!(request.starts_with(&format!("PUT /sealed/{path} HTTP/1.1\r\n")), "{request}");
    assert!(request.contains("AWS4-HMAC-SHA256 Credential=AKID/"), "{request}");
    assert!(!request.contains("very-secret"));
}
