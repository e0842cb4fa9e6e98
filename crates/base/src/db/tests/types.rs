use super::engines_with;
use crate::columns;
use crate::db::{Error, list};
use tasuki_value::Ts;
use uuid::Uuid;

const SCHEMA: &str = "CREATE TABLE things (
    id UUID PRIMARY KEY, seq BIGINT NOT NULL, size DOUBLE PRECISION, open BOOLEAN NOT NULL, body TEXT,
    sealed {bytes}, extra {json}, at BIGINT);";

const INSERT: &str = "INSERT INTO things (seq, id, size, open, body, sealed, extra, at)
    VALUES ($2, $1, $3, $4, $5, $6, $7, $8)";
const SELECT: &str = "SELECT id, seq, size, open, body, sealed, extra, at FROM things";

#[derive(Clone, Debug, PartialEq)]
struct Thing {
    id: Uuid,
    seq: i64,
    size: Option<f64>,
    open: bool,
    body: Option<String>,
    sealed: Option<Vec<u8>>,
    extra: Option<String>,
    at: Option<Ts>,
}
columns!(Thing: id, seq, size, open, body, sealed, extra, at);

fn things() -> Vec<Thing> {
    let full = Thing {
        id: Uuid::from_u128(7),
        seq: i64::MIN,
        size: Some(-0.1),
        open: true,
        body: Some("褥瘡 \u{20BB7} 'quoted' \"x\" \\ % \n".to_owned()),
        sealed: Some(vec![0, 255, 0x27]),
        extra: Some("{\"a\": 1}".to_owned()),
        at: Some(Ts(i64::MAX)),
    };
    let empty = Thing { id: Uuid::max(), body: Some(String::new()), sealed: Some(vec![]), ..full.clone() };
    let bare = Thing {
        id: Uuid::nil(),
        seq: 0,
        size: None,
        open: false,
        body: None,
        sealed: None,
        extra: None,
        at: None,
    };
    vec![bare, full, empty]
}

#[tokio::test]
async fn every_type_comes_back_as_it_went() {
    for db in engines_with(SCHEMA).await {
        for thing in things() {
            let saved = thing.clone();
            db.write::<_, Error>(move |tx| {
                let t = &saved;
                let touched =
                    tx.exec(INSERT, &[&t.id, &t.seq, &t.size, &t.open, &t.body, &t.sealed, &t.extra, &t.at])?;
                assert_eq!(touched, 1);
                Ok(())
            })
            .await
            .unwrap();
            let id = thing.id;
            let sql = "SELECT id, seq, size, open, body, sealed, extra, at FROM things WHERE id = $1";
            let back: Thing = db.read::<_, Error>(move |tx| tx.one(sql, &[&id])).await.unwrap();
            assert_eq!(back, thing, "{:?}", db.engine());
        }
        let all: Vec<Thing> = db.read::<_, Error>(|tx| tx.all(SELECT, &[])).await.unwrap();
        assert_eq!(all.len(), 3);
    }
}

#[tokio::test]
async fn placeholders_are_bound_by_the_number_in_their_name() {
    for db in engines_with(SCHEMA).await {
        let sql = "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)";
        let got: (String, String, String) =
            db.read::<_, Error>(move |tx| tx.one(sql, &[&"first", &"second"])).await.unwrap();
        assert_eq!((got.0.as_str(), got.1.as_str(), got.2.as_str()), ("second", "first", "second"));
    }
}

#[tokio::test]
async fn lists_travel_as_one_argument() {
    for db in engines_with(SCHEMA).await {
        let ids: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
        let (hex, numbers, words) =
            (list::ids(ids.clone()), list::numbers([3, -1]), list::texts(["あ\"", "い"]));
        let (got, sum, texts) = db
            .read::<_, Error>(move |tx| {
                let ids = tx.all::<(Uuid,)>("SELECT unhex(value) FROM json_each($1)", &[&hex])?;
                let sum = "SELECT CAST(sum(CAST(value AS BIGINT)) AS BIGINT) FROM json_each($1)";
                let sum = tx.one::<(i64,)>(sum, &[&numbers])?.0;
                let texts = tx.all::<(String,)>("SELECT value FROM json_each($1)", &[&words])?;
                Ok((ids, sum, texts))
            })
            .await
            .unwrap();
        assert_eq!(got.into_iter().map(|id| id.0).collect::<Vec<_>>(), ids);
        assert_eq!(sum, 2);
        assert_eq!(texts, [("あ\"".to_owned(),), ("い".to_owned(),)]);
    }
}

#[tokio::test]
async fn opt_takes_the_first_row_and_one_wants_it() {
    for db in engines_with(SCHEMA).await {
        let sql = "SELECT CAST(value AS BIGINT) FROM json_each($1) ORDER BY CAST(value AS BIGINT)";
        let db = &db;
        let look = |numbers: &'static str| db.read::<_, Error>(move |tx| tx.opt::<(i64,)>(sql, &[&numbers]));
        assert_eq!(look("[5,4]").await.unwrap(), Some((4,)));
        assert_eq!(look("[]").await.unwrap(), None);
    }
}
