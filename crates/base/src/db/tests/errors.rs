use super::engines_with;
use crate::db::{Error, Rule};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const SCHEMA: &str = "
    CREATE TABLE houses (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, size BIGINT CHECK (size > 0));
    CREATE TABLE rooms (id BIGINT PRIMARY KEY,
        house BIGINT REFERENCES houses (id), later BIGINT REFERENCES houses (id) DEFERRABLE INITIALLY DEFERRED);
    INSERT INTO houses (id, name, size) VALUES (1, 'secret house', 1);";

const ADD_HOUSE: &str = "INSERT INTO houses (id, name, size) VALUES ($1, $2, $3)";
const ADD_ROOM: &str = "INSERT INTO rooms (id, house, later) VALUES ($1, $2, $3)";
const HOUSES: &str = "SELECT count(*) FROM houses";

#[tokio::test]
async fn broken_rules_are_named_alike() {
    for db in engines_with(SCHEMA).await {
        let house = |id: i64, name: Option<&'static str>, size: i64| {
            db.write::<u64, Error>(move |tx| tx.exec(ADD_HOUSE, &[&id, &name, &size]))
        };
        assert!(house(1, Some("b"), 1).await.unwrap_err().broke(Rule::Unique));
        let twice = house(2, Some("secret house"), 1).await.unwrap_err();
        assert!(twice.broke(Rule::Unique));
        assert!(!format!("{twice} {twice:?}").contains("secret"), "no values in logs");
        assert!(house(2, None, 1).await.unwrap_err().broke(Rule::NotNull));
        assert!(house(2, Some("b"), 0).await.unwrap_err().broke(Rule::Check));
        let room = |house: i64, later: i64| {
            db.write::<u64, Error>(move |tx| tx.exec(ADD_ROOM, &[&1_i64, &house, &later]))
        };
        assert!(room(9, 1).await.unwrap_err().broke(Rule::ForeignKey));
        let late = room(1, 9).await.unwrap_err();
        assert!(late.broke(Rule::ForeignKey), "{:?} {late}", db.engine());
        room(1, 1).await.unwrap();
    }
}

#[tokio::test]
async fn a_hidden_failure_spoils_the_transaction() {
    for db in engines_with(SCHEMA).await {
        let error = db
            .write::<(), Error>(|tx| {
                tx.exec(ADD_HOUSE, &[&2_i64, &"b", &1_i64])?;
                let _ = tx.exec(ADD_HOUSE, &[&1_i64, &"c", &1_i64]);
                assert!(matches!(tx.one::<(i64,)>(HOUSES, &[]), Err(Error::Spoiled)));
                Ok(())
            })
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Spoiled), "{error}");
        assert_eq!(db.read::<_, Error>(|tx| tx.one::<(i64,)>(HOUSES, &[])).await.unwrap(), (1,));
    }
}

#[tokio::test]
async fn a_missing_row_spoils_nothing() {
    for db in engines_with(SCHEMA).await {
        let change = |tx: &mut crate::db::Tx<'_>| {
            let missing = tx.one::<(i64,)>("SELECT id FROM houses WHERE id = $1", &[&77_i64]);
            assert!(matches!(missing, Err(Error::NotFound)));
            tx.exec(ADD_HOUSE, &[&2_i64, &"b", &1_i64])
        };
        assert_eq!(db.write(change).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn a_panic_costs_only_its_own_closure() {
    for db in engines_with(SCHEMA).await {
        let error = db
            .write::<(), Error>(|tx| {
                tx.exec(ADD_HOUSE, &[&2_i64, &"b", &1_i64])?;
                panic!("on purpose");
            })
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Panicked), "{error}");
        let error = db.read::<(), Error>(|_| panic!("on purpose")).await.unwrap_err();
        assert!(matches!(error, Error::Panicked), "{error}");
        assert_eq!(db.read::<_, Error>(|tx| tx.one::<(i64,)>(HOUSES, &[])).await.unwrap(), (1,));
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_alike() {
    for db in engines_with(SCHEMA).await {
        let column = db.read::<_, Error>(|tx| tx.one::<(String,)>("SELECT id FROM houses", &[])).await;
        assert!(matches!(column, Err(Error::Column(0))), "{column:?}");
        let wide = db.read::<_, Error>(|tx| tx.one::<(i64,)>("SELECT id, name FROM houses", &[])).await;
        assert!(matches!(wide, Err(Error::Column(1))), "{wide:?}");
        let narrow = db.read::<_, Error>(|tx| tx.one::<(i64, String)>("SELECT id FROM houses", &[])).await;
        assert!(matches!(narrow, Err(Error::Column(1))), "{narrow:?}");
        let by_name = "SELECT id FROM houses WHERE name = $1";
        for args in [&[][..], &["a", "b"], &["a\0"]] {
            let args = args.to_vec();
            let wrong = db
                .read::<_, Error>(move |tx| {
                    let args: Vec<&dyn crate::db::Bind> =
                        args.iter().map(|arg| arg as &dyn crate::db::Bind).collect();
                    tx.opt::<(i64,)>(by_name, &args)
                })
                .await;
            assert!(matches!(wrong, Err(Error::Arguments)), "{wrong:?}");
        }
        let nan =
            db.read::<_, Error>(|tx| tx.one::<(f64,)>("SELECT CAST($1 AS DOUBLE PRECISION)", &[&f64::NAN]));
        assert!(matches!(nan.await, Err(Error::Arguments)));
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    for db in engines_with(SCHEMA).await {
        let add = |tx: &mut crate::db::Tx<'_>| tx.exec(ADD_HOUSE, &[&2_i64, &"b", &1_i64]);
        assert!(db.read::<_, Error>(add).await.is_err());
        assert!(db.snapshot::<_, Error>(add).await.is_err());
        assert_eq!(db.read::<_, Error>(|tx| tx.one::<(i64,)>(HOUSES, &[])).await.unwrap(), (1,));
    }
}

#[tokio::test]
async fn every_statement_can_be_checked_without_running() {
    for db in engines_with(SCHEMA).await {
        let broken = "SELECT nothing FROM houses";
        let quoted = "SELECT \"zzz\" FROM houses";
        let refused = db.prepare_all(vec![ADD_HOUSE, broken, ADD_ROOM, quoted, HOUSES]).await.unwrap();
        assert_eq!(refused.iter().map(|(sql, _)| *sql).collect::<Vec<_>>(), [broken, quoted]);
        assert!(refused[0].1.to_string().contains("nothing"), "{}", refused[0].1);
    }
}

#[tokio::test]
async fn a_snapshot_sees_one_moment() {
    for db in engines_with(SCHEMA).await {
        let (asked, answered) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
        let (asks, answers) = (Arc::clone(&asked), Arc::clone(&answered));
        let look = db.snapshot::<_, Error>(move |tx| {
            let before = tx.one::<(i64,)>(HOUSES, &[])?;
            asks.store(1, Ordering::SeqCst);
            while answers.load(Ordering::SeqCst) == 0 {
                std::thread::yield_now();
            }
            Ok((before, tx.one::<(i64,)>(HOUSES, &[])?))
        });
        let change = async {
            while asked.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
            let added = db.write::<_, Error>(|tx| tx.exec(ADD_HOUSE, &[&2_i64, &"b", &1_i64])).await;
            answered.store(1, Ordering::SeqCst);
            added
        };
        let (seen, added) = tokio::join!(look, change);
        assert_eq!(added.unwrap(), 1);
        assert_eq!(seen.unwrap(), ((1,), (1,)));
        assert_eq!(db.read::<_, Error>(|tx| tx.one::<(i64,)>(HOUSES, &[])).await.unwrap(), (2,));
    }
}
