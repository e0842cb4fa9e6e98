//! What only a server across a wire can do. Nothing is tested here without `TASUKI_TEST_PG`.

use super::{Bed, outside, pg_bed, pg_url};
use crate::db::{Db, Error, FromRow, Row, Rule};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio_postgres::config::Host;

const SCHEMA: &str = "CREATE TABLE houses (id BIGINT PRIMARY KEY, count BIGINT NOT NULL);
    INSERT INTO houses (id, count) VALUES (1, 0), (2, 0);";
const ADD: &str = "INSERT INTO houses (id, count) VALUES ($1, 0)";
const HOUSES: &str = "SELECT count(*) FROM houses";
const SERIALIZABLE: &str = "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE";

async fn bed(threads: usize, more: &str) -> Option<Bed> {
    match pg_bed(threads, more) {
        Some(bed) => Some(bed.with(SCHEMA).await),
        None => None,
    }
}

/// A counter for the runs of a closure.
fn counter() -> (Arc<AtomicU64>, Arc<AtomicU64>) {
    let runs = Arc::new(AtomicU64::new(0));
    (Arc::clone(&runs), runs)
}

#[tokio::test]
async fn idle_connections_may_die() {
    let name = format!("idle_{}", std::process::id());
    let Some(bed) = bed(2, &format!("?application_name={name}")).await else { return };
    let pid = "SELECT CAST(pg_backend_pid() AS BIGINT)";
    let mut pids = std::collections::BTreeSet::new();
    for round in 0..20_i64 {
        pids.insert(bed.number(pid).await);
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name =";
        outside(&pg_url().unwrap(), format!("{kill} '{name}'"));
        let id = 10 + round;
        assert_eq!(bed.write::<_, Error>(move |tx| tx.exec(ADD, &[&id])).await.unwrap(), 1);
        assert_eq!(bed.number(HOUSES).await, 3 + round);
    }
    assert_eq!(pids.len(), 20, "each round had to connect anew");
}

#[tokio::test]
async fn a_connection_that_dies_in_the_middle_is_another_run() {
    let Some(bed) = bed(2, "").await else { return };
    let (counted, runs) = counter();
    let change = move |tx: &mut crate::db::Tx<'_>| {
        tx.exec(ADD, &[&3_i64])?;
        if counted.fetch_add(1, Ordering::SeqCst) < 2 {
            tx.all::<(bool,)>("SELECT pg_terminate_backend(pg_backend_pid())", &[])?;
        }
        tx.exec(ADD, &[&4_i64])
    };
    assert_eq!(bed.write::<_, Error>(change).await.unwrap(), 1);
    assert_eq!((runs.load(Ordering::SeqCst), bed.number(HOUSES).await), (3, 4));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serializable_increments_are_all_kept() {
    let Some(bed) = bed(8, "").await else { return };
    let mut asked = JoinSet::new();
    for _ in 0..40 {
        let db = (*bed).clone();
        asked.spawn(async move {
            db.write::<_, Error>(|tx| {
                tx.exec(SERIALIZABLE, &[])?;
                let (before,) = tx.one::<(i64,)>("SELECT count FROM houses WHERE id = 1", &[])?;
                tx.exec("UPDATE houses SET count = $1 WHERE id = 1", &[&(before + 1)])
            })
            .await
        });
    }
    let kept = asked.join_all().await.into_iter().map(Result::unwrap).sum::<u64>();
    assert_eq!((kept, bed.number("SELECT count FROM houses WHERE id = 1").await), (40, 40));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_another_run() {
    let Some(bed) = bed(4, "").await else { return };
    let (counted, runs) = counter();
    let meet = Arc::new(std::sync::Barrier::new(2));
    let cross = |first: i64, second: i64| {
        let (counted, meet) = (Arc::clone(&counted), Arc::clone(&meet));
        bed.write::<_, Error>(move |tx| {
            let raise = "UPDATE houses SET count = count + 1 WHERE id = $1";
            tx.exec(raise, &[&first])?;
            if counted.fetch_add(1, Ordering::SeqCst) < 2 {
                meet.wait();
            }
            tx.exec(raise, &[&second])
        })
    };
    let (here, there) = tokio::join!(cross(1, 2), cross(2, 1));
    assert_eq!((here.unwrap(), there.unwrap()), (1, 1));
    // More than three when they cross again.
    assert!(runs.load(Ordering::SeqCst) >= 3, "there was a deadlock, and one of them ran again");
    assert_eq!(bed.number("SELECT CAST(sum(count) AS BIGINT) FROM houses").await, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_is_not_let_go_is_busy() {
    let Some(bed) = bed(2, "?options=-c%20lock_timeout%3D50ms").await else { return };
    let hold = Arc::new(std::sync::Barrier::new(2));
    let (held, free) = (Arc::clone(&hold), Arc::clone(&hold));
    let one = "SELECT id FROM houses WHERE id = 1";
    let holder = bed.write::<_, Error>(move |tx| {
        tx.lock_rows::<(i64,)>(one, &[])?;
        held.wait();
        held.wait();
        Ok(())
    });
    let other = async {
        tokio::task::spawn_blocking({
            let hold = Arc::clone(&free);
            move || hold.wait()
        })
        .await
        .unwrap();
        let passed_over = bed.write::<_, Error>(move |tx| tx.lock_free_rows::<(i64,)>(one, &[])).await;
        let waited = bed.write::<_, Error>(move |tx| tx.lock_rows::<(i64,)>(one, &[])).await;
        tokio::task::spawn_blocking(move || free.wait()).await.unwrap();
        (passed_over, waited)
    };
    let (held, (passed_over, waited)) = tokio::join!(holder, other);
    held.unwrap();
    assert_eq!(passed_over.unwrap(), []);
    assert!(matches!(waited, Err(Error::Busy)), "{waited:?}");
}

/// How many columns came.
struct Width(usize);

impl FromRow for Width {
    fn from_row(row: &Row<'_>) -> crate::db::Result<Self> {
        Ok(Self(row.width()))
    }
}

#[tokio::test]
async fn a_table_may_change_under_a_prepared_statement() {
    let Some(bed) = bed(1, "").await else { return };
    let all = "SELECT * FROM houses";
    let widths = || async { bed.read::<_, Error>(move |tx| tx.all::<Width>(all, &[])).await.unwrap()[0].0 };
    assert_eq!(widths().await, 2);
    let schema = "SELECT CAST(current_schema() AS TEXT)";
    let (schema,) = bed.read::<_, Error>(move |tx| tx.one::<(String,)>(schema, &[])).await.unwrap();
    outside(&pg_url().unwrap(), format!("ALTER TABLE {schema}.houses ADD COLUMN more BIGINT"));
    assert_eq!(widths().await, 3);
}

#[tokio::test]
async fn of_several_servers_the_one_that_writes_is_found() {
    let Some(bed) = bed(1, "?target_session_attrs=read-write").await else { return };
    let habit = "SELECT current_setting('transaction_read_only')";
    let looks = bed.read::<_, Error>(move |tx| tx.one::<(String,)>(habit, &[])).await.unwrap();
    let writes = bed.write::<_, Error>(move |tx| tx.one::<(String,)>(habit, &[])).await.unwrap();
    assert_eq!((looks.0.as_str(), writes.0.as_str()), ("on", "off"));
}

#[tokio::test]
async fn logs_hold_no_value() {
    let Some(bed) = bed(1, "").await else { return };
    let cast = "SELECT CAST($1 AS TEXT)::bigint";
    let error = bed.read::<_, Error>(move |tx| tx.one::<(i64,)>(cast, &[&"sealed"])).await.unwrap_err();
    let printed =
        format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
    assert!(printed.contains("22P02") && !printed.contains("sealed"), "{printed}");
}

#[test]
fn wrong_settings_show_at_once_and_without_the_password() {
    let Some(url) = pg_url() else { return };
    for wrong in ["postgres://u:secret@localhost:port/x", "mysql://u:secret@h/x"] {
        let error = Db::pg(wrong, 2, None).err().unwrap();
        assert!(matches!(error, Error::Settings(_)) && !error.to_string().contains("secret"), "{error}");
    }
    assert!(matches!(Db::pg(&url, 2, Some("a; DROP")), Err(Error::Settings(_))));
    let begun = Instant::now();
    assert!(matches!(Db::pg("postgres://u:secret@127.0.0.1:1/x", 2, None), Err(Error::Away(_))));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

/// Where `TASUKI_TEST_PG_TLS` names a server that demands TLS, under a certificate that `SSL_CERT_FILE` vouches for.
#[tokio::test]
async fn tls_talks() {
    let Ok(url) = std::env::var("TASUKI_TEST_PG_TLS") else { return };
    let db = Db::pg(&url, 1, None).unwrap();
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(db.read::<_, Error>(move |tx| tx.one::<(bool,)>(sql, &[])).await.unwrap(), (true,));
}

/// A wire to the server that can be cut at the very moment of COMMIT.
struct Wire {
    url: String,
    cut: Arc<AtomicU8>,
}

const WHOLE: u8 = 0;
/// The server never hears of COMMIT.
const BEFORE: u8 = 1;
/// The server has committed; its answer is lost.
const AFTER: u8 = 2;

impl Wire {
    fn lay(url: &str) -> Option<Self> {
        let config: tokio_postgres::Config = url.parse().ok()?;
        let Some(Host::Tcp(host)) = config.get_hosts().first() else { return None };
        let server = format!("{host}:{}", config.get_ports().first().copied().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").ok()?;
        let port = listener.local_addr().ok()?.port();
        let through = url.replace(&server, &format!("127.0.0.1:{port}"));
        let cut = Arc::new(AtomicU8::new(WHOLE));
        let knife = Arc::clone(&cut);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).unwrap();
                let (up, down) = (Arc::clone(&knife), Arc::clone(&knife));
                let (client_in, server_in) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || carry(client_in, server, &up, true));
                std::thread::spawn(move || carry(server_in, client, &down, false));
            }
        });
        Some(Self { url: through, cut })
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, cut: &AtomicU8, upwards: bool) {
    let (mut piece, mut deaf) = ([0_u8; 65536], false);
    while let Ok(length @ 1..) = from.read(&mut piece) {
        let commits = upwards && piece[..length].windows(7).any(|word| word == b"COMMIT\0");
        let mode = cut.load(Ordering::SeqCst);
        if commits && mode == BEFORE {
            break;
        }
        if commits && mode == AFTER {
            cut.store(AFTER + 1, Ordering::SeqCst);
        }
        // The first thing the server says after that is never heard.
        deaf |= !upwards && mode == AFTER + 1;
        if deaf || to.write_all(&piece[..length]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

#[tokio::test]
async fn a_commit_lost_on_the_wire_is_uncertain_and_never_repeated() {
    let (Some(bed), Some(url)) = (bed(1, "").await, pg_url()) else { return };
    let schema = "SELECT CAST(current_schema() AS TEXT)";
    let (schema,) = bed.read::<_, Error>(move |tx| tx.one::<(String,)>(schema, &[])).await.unwrap();
    let wire = Wire::lay(&url).expect("TASUKI_TEST_PG goes over TCP");
    let db = Db::pg(&wire.url, 1, Some(&schema)).unwrap();
    for (mode, id, there) in [(BEFORE, 10_i64, 2), (AFTER, 11, 3)] {
        wire.cut.store(mode, Ordering::SeqCst);
        let (counted, runs) = counter();
        let lost = db.write::<_, Error>(move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            tx.exec(ADD, &[&id])
        });
        let error = lost.await.unwrap_err();
        assert!(matches!(error, Error::Uncertain), "{mode}: {error}");
        wire.cut.store(WHOLE, Ordering::SeqCst);
        assert_eq!((runs.load(Ordering::SeqCst), bed.number(HOUSES).await), (1, there), "{mode}");
    }
    assert_eq!(db.write::<_, Error>(|tx| tx.exec(ADD, &[&12_i64])).await.unwrap(), 1);
    // The same where the last statements travel with COMMIT, and where they are all there is.
    for (mode, asks, id, there) in
        [(BEFORE, true, 20_i64, 4), (AFTER, true, 21, 5), (BEFORE, false, 22, 5), (AFTER, false, 23, 6)]
    {
        wire.cut.store(mode, Ordering::SeqCst);
        let (counted, runs) = counter();
        let lost = db.write::<_, Error>(move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            if asks {
                tx.one::<(i64,)>(HOUSES, &[])?;
            }
            tx.put(ADD, &[&id])
        });
        let error = lost.await.unwrap_err();
        assert!(matches!(error, Error::Uncertain), "{mode} {asks}: {error}");
        wire.cut.store(WHOLE, Ordering::SeqCst);
        assert_eq!((runs.load(Ordering::SeqCst), bed.number(HOUSES).await), (1, there), "{mode} {asks}");
    }
}

#[tokio::test]
async fn what_is_put_is_done_in_order_and_its_failure_is_the_ends() {
    let Some(bed) = bed(1, "").await else { return };
    let raise = "UPDATE houses SET count = count * 10 + $1 WHERE id = 1";
    let done = bed.write::<_, Error>(move |tx| {
        tx.put(raise, &[&1_i64])?;
        tx.put(raise, &[&2_i64])?;
        let (seen,) = tx.one::<(i64,)>("SELECT count FROM houses WHERE id = 1", &[])?;
        tx.put(raise, &[&3_i64])?;
        tx.put(ADD, &[&3_i64])?;
        Ok(seen)
    });
    assert_eq!(done.await.unwrap(), 12);
    let count = "SELECT count FROM houses WHERE id = 1";
    assert_eq!((bed.number(count).await, bed.number(HOUSES).await), (123, 3));
    for first in [false, true] {
        let (counted, runs) = counter();
        let twice = bed.write::<_, Error>(move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            if !first {
                tx.one::<(i64,)>(HOUSES, &[])?;
            }
            tx.put(ADD, &[&4_i64])?;
            tx.put(ADD, &[&3_i64])?;
            tx.put(raise, &[&4_i64])
        });
        let error = twice.await.unwrap_err();
        assert!(error.broke(Rule::Unique), "{error}");
        assert_eq!((bed.number(count).await, bed.number(HOUSES).await), (123, 3), "nothing of it is left");
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
    let asked = bed.write::<_, Error>(move |tx| {
        tx.put(ADD, &[&3_i64])?;
        tx.one::<(i64,)>(HOUSES, &[])
    });
    assert!(asked.await.unwrap_err().broke(Rule::Unique));
    let unfit = bed.write::<_, Error>(move |tx| tx.put(ADD, &[&"three"]).or_else(|_| tx.put(ADD, &[&5_i64])));
    assert!(matches!(unfit.await, Err(Error::Spoiled)), "what cannot be sent is no less a failure");
    assert_eq!((bed.number(count).await, bed.number(HOUSES).await), (123, 3));
    assert!(bed.read::<_, Error>(move |tx| tx.put(ADD, &[&5_i64])).await.is_err(), "a look changes nothing");
    assert_eq!(bed.number(HOUSES).await, 3);
}

#[tokio::test]
async fn what_is_put_on_a_connection_that_died_is_another_run() {
    let name = format!("put_{}", std::process::id());
    let Some(bed) = bed(1, &format!("?application_name={name}")).await else { return };
    for round in 0..10_i64 {
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name =";
        outside(&pg_url().unwrap(), format!("{kill} '{name}'"));
        let id = 10 + round;
        bed.write::<_, Error>(move |tx| tx.put(ADD, &[&id])).await.unwrap();
        assert_eq!(bed.number(HOUSES).await, 3 + round);
    }
    // What takes too long fails like anything else that does.
    let (counted, runs) = counter();
    let slow = bed.write::<_, Error>(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        tx.one::<(String,)>("SELECT set_config('statement_timeout', '50ms', TRUE)", &[])?;
        tx.put("UPDATE houses SET count = 1 + (SELECT 0 FROM (SELECT pg_sleep($1)) AS pause)", &[&1.0_f64])
    });
    assert!(slow.await.is_err());
    assert_eq!((runs.load(Ordering::SeqCst), bed.number(HOUSES).await), (1, 12));
}

#[test]
fn the_drivers_log_holds_no_argument() {
    use crate::db::cell::Cell;
    let cells = [Cell(tasuki_value::Value::Text("sealed")), Cell(tasuki_value::Value::Int(36))];
    assert_eq!(format!("{cells:?}"), "[…, …]");
}
