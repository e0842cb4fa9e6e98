use super::{Keys, place};
use crate::program::backup::tests::Folder;
use crate::testing::bucket::{self, Bucket};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_a_bucket_are_read_as_they_lay_at_one_moment() {
    let (bucket, folder) = (Bucket::open().await, Folder::new());
    let plan = folder.plan_near("house", &bucket);
    let text = format!("s3://{}/keys", bucket::NAME);
    let there = place(&plan, &text).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    // A copy that is brought up to today again and again: rows of today, wrapped by today's epoch alone.
    let bring = async |number: usize| {
        let own = folder.0.join(format!("copy-{number}"));
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join(format!("epoch-{number}.key")), number.to_string()).unwrap();
        fs::write(own.join("data_keys"), number.to_string()).unwrap();
        Keys { folder: own, bucket: Some(there.clone()) }
            .send()
            .await
            .unwrap_or_else(|wrong| panic!("{wrong:?}"));
    };
    bring(0).await;
    let stop = Arc::new(AtomicBool::new(false));
    let reading = async {
        let mut read = 0;
        while !stop.load(Ordering::Relaxed) || read == 0 {
            let keys = Keys::open(&plan, &text).await.unwrap_or_else(|wrong| panic!("{wrong:?}"));
            let rows = fs::read_to_string(keys.folder.join("data_keys")).unwrap();
            let epoch = fs::read_to_string(keys.folder.join(format!("epoch-{rows}.key")));
            assert_eq!(epoch.unwrap(), rows, "what opens the rows was read with them");
            read += 1;
        }
    };
    let writing = async {
        for number in 1..30 {
            bring(number).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(reading, writing);
    bucket.go_away(true);
    let told = Keys::open(&plan, &text).await.err().expect("nobody is there");
    assert!(told.concat().contains("TASUKI_BACKUP_S3"), "{told:?}");
}
