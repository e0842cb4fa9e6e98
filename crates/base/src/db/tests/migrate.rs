use super::{engines, lite_bed};
use crate::db::{Db, Error, Migration};

const ONE: Migration = Migration {
    number: 1,
    name: "houses",
    sql: "CREATE TABLE houses (id BIGINT PRIMARY KEY, plan {bytes});",
};
const TWO: Migration = Migration {
    number: 2,
    name: "rooms",
    sql: "CREATE TABLE rooms (id BIGINT PRIMARY KEY, house BIGINT REFERENCES houses (id), extra {json});
          CREATE INDEX rooms_house ON rooms (house);
          INSERT INTO houses (id) VALUES (1);",
};
const BROKEN: Migration = Migration {
    number: 2,
    name: "rooms",
    sql: "CREATE TABLE rooms (id BIGINT PRIMARY KEY); INSERT INTO nowhere (id) VALUES (1);",
};

fn why(outcome: Result<Vec<&'static str>, Error>) -> String {
    match outcome {
        Err(Error::Migration(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_is_applied_once_and_in_order() {
    for bed in engines() {
        assert_eq!(bed.migrate(&[ONE]).await.unwrap(), ["houses"]);
        assert_eq!(bed.migrate(&[ONE, TWO]).await.unwrap(), ["rooms"]);
        assert_eq!(bed.migrate(&[ONE, TWO]).await.unwrap(), [""; 0]);
        assert_eq!(bed.number("SELECT count(*) FROM houses").await, 1);
    }
}

#[tokio::test]
async fn a_broken_one_leaves_those_before_it_and_nothing_of_itself() {
    for bed in engines() {
        let said = why(bed.migrate(&[ONE, BROKEN]).await);
        assert!(said.starts_with("rooms: ") && said.contains("nowhere"), "{said}");
        assert_eq!(bed.migrate(&[ONE, TWO]).await.unwrap(), ["rooms"]);
    }
}

#[tokio::test]
async fn what_the_program_does_not_know_is_refused() {
    for bed in engines() {
        bed.migrate(&[ONE, TWO]).await.unwrap();
        assert!(why(bed.migrate(&[ONE]).await).contains("newer program"));
        let other = Migration { name: "cellars", ..TWO };
        assert!(why(bed.migrate(&[ONE, other]).await).contains("cellars in the program"));
        assert!(why(bed.migrate(&[TWO, ONE]).await).contains("not in order"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_take_turns() {
    let mut pairs = vec![{
        let bed = lite_bed();
        let twin = Db::lite(&bed.file(), 1).unwrap();
        (bed, twin)
    }];
    if let (Some(url), Some(bed)) = (super::pg_url(), super::pg_bed(1, "")) {
        let schema = "SELECT CAST(current_schema() AS TEXT)";
        let (schema,) = bed.read::<_, Error>(move |tx| tx.one::<(String,)>(schema, &[])).await.unwrap();
        let twin = Db::pg(&url, 1, Some(&schema)).unwrap();
        pairs.push((bed, twin));
    }
    for (bed, twin) in pairs {
        let known = [ONE, TWO];
        let (mine, theirs) = tokio::join!(bed.migrate(&known), twin.migrate(&known));
        let mut applied = [mine.unwrap(), theirs.unwrap()].concat();
        applied.sort_unstable();
        assert_eq!(applied, ["houses", "rooms"]);
    }
}
