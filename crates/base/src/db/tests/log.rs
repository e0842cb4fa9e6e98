//! Drawing what is committed out of SQLite's log, whatever happens to the log meanwhile.

use super::{Bed, Hold, lite_bed};
use crate::db::log::{Found, Mark, Pages, Reader};
use crate::db::tap::{Tap, is_whole};
use crate::db::{Db, Error};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

const SCHEMA: &str = "CREATE TABLE papers (id BIGINT PRIMARY KEY, body {bytes} NOT NULL);";
const ADD: &str = "INSERT INTO papers (id, body) VALUES ($1, $2)";
const DROP: &str = "DELETE FROM papers WHERE id % 2 = 0";
const ALL: &str = "SELECT count(*), coalesce(sum(id), 0), coalesce(sum(length(body)), 0) FROM papers";

async fn add(db: &Db, ids: std::ops::Range<i64>, size: usize) {
    for id in ids {
        let body = vec![u8::try_from(id % 251).unwrap(); size];
        db.write::<_, Error>(move |tx| tx.exec(ADD, &[&id, &body])).await.unwrap();
    }
}

async fn told(db: &Db) -> (i64, i64, i64) {
    db.read::<_, Error>(|tx| tx.one::<(i64, i64, i64)>(ALL, &[])).await.unwrap()
}

type Shared = Arc<Mutex<Tap>>;

async fn tap(bed: &Bed, mark: Option<Mark>) -> Shared {
    let file = bed.file();
    bed.between(move |tx| Ok(Arc::new(Mutex::new(Tap::open(tx, &file, mark)?)))).await.unwrap()
}

/// What a copy holds: the file as it lay there, and the pages drawn since.
struct Twin {
    folder: TempDir,
    file: File,
}

impl Twin {
    /// Turns the log over until the file alone is the database.
    async fn of(bed: &Bed, tap: &Shared) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("twin.db");
        let options = OpenOptions::new().write(true).create_new(true).open(&path);
        let twin = Self { folder, file: options.unwrap() };
        turn(bed, tap).await;
        let tap = tap.lock().unwrap();
        assert!(tap.is_whole());
        let bytes = tap.piece(0, usize::try_from(tap.file_size().unwrap()).unwrap()).unwrap();
        twin.file.write_all_at(&bytes, 0).unwrap();
        twin
    }

    fn lay(&self, found: &Found) {
        match found {
            // By way of bytes, as a copy does.
            Found::Pages(pages) => {
                Pages::from_bytes(&pages.to_bytes()).unwrap().lay_over(&self.file).unwrap();
            }
            Found::Nothing => {}
            Found::Lost => panic!("lost"),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("twin.db")
    }

    /// Opens a twin of the twin, so that it can go on.
    async fn told(&self) -> (i64, i64, i64) {
        let path = self.folder.path().join("opened.db");
        std::fs::copy(self.path(), &path).unwrap();
        assert!(is_whole(&path).unwrap());
        told(&Db::lite(&path, 1).unwrap()).await
    }
}

async fn turn(bed: &Bed, tap: &Shared) -> Found {
    let tap = Arc::clone(tap);
    bed.between(move |_| tap.lock().unwrap().turn_over()).await.unwrap()
}

fn take(tap: &Shared) -> Found {
    tap.lock().unwrap().take().unwrap()
}

#[tokio::test]
async fn a_twin_follows_through_many_logs() {
    let bed = lite_bed().with(SCHEMA).await;
    add(&bed, 0..50, 300).await;
    let tap = tap(&bed, None).await;
    let twin = Twin::of(&bed, &tap).await;
    let mut turned = 0;
    for round in 1..20 {
        add(&bed, round * 1000..round * 1000 + 40, 9_000).await;
        twin.lay(&take(&tap));
        if round % 5 == 0 {
            bed.write::<_, Error>(|tx| tx.exec(DROP, &[])).await.unwrap();
        }
        if tap.lock().unwrap().is_long() {
            twin.lay(&turn(&bed, &tap).await);
            turned += 1;
        }
    }
    twin.lay(&take(&tap));
    assert!(turned > 1, "several logs");
    assert_eq!(take(&tap), Found::Nothing);
    assert_eq!(twin.told().await, told(&bed).await);
}

#[tokio::test]
async fn nothing_is_missed_however_others_move_the_log() {
    let bed = lite_bed().with(SCHEMA).await;
    let tap = tap(&bed, None).await;
    let twin = Twin::of(&bed, &tap).await;
    let other = rusqlite::Connection::open(bed.file()).unwrap();
    other.busy_timeout(std::time::Duration::ZERO).unwrap();
    for round in 1..8 {
        add(&bed, round * 100..round * 100 + 10, 50_000).await;
        // Another process tries its best to make the log begin anew, and writes itself.
        let _ = other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        other.execute(ADD, (round * 100 + 50, vec![1_u8; 3_000])).unwrap();
        let _ = other.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
        add(&bed, round * 100 + 60..round * 100 + 63, 100).await;
        if round % 3 == 0 {
            twin.lay(&turn(&bed, &tap).await);
        } else {
            twin.lay(&take(&tap));
        }
    }
    assert_eq!(twin.told().await, told(&bed).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_base_read_while_everybody_writes_becomes_whole_with_the_log() {
    let bed = lite_bed().with(SCHEMA).await;
    add(&bed, 0..200, 9_000).await;
    let tap = tap(&bed, None).await;
    turn(&bed, &tap).await;
    assert!(tap.lock().unwrap().is_whole());
    let end = tap.lock().unwrap().file_size().unwrap();
    let twin_folder = tempfile::tempdir().unwrap();
    let path = twin_folder.path().join("twin.db");
    let file = File::create(&path).unwrap();
    let (mut at, mut drawn, mut next) = (0, Vec::new(), 1_000);
    while at < end {
        let piece = tap.lock().unwrap().piece(at, 100_000).unwrap();
        file.write_all_at(&piece, at).unwrap();
        at += piece.len() as u64;
        add(&bed, next..next + 20, 9_000).await;
        bed.write::<_, Error>(|tx| tx.exec(DROP, &[])).await.unwrap();
        next += 20;
        drawn.push(turn(&bed, &tap).await);
    }
    drawn.push(take(&tap));
    for found in drawn {
        if let Found::Pages(pages) = found {
            pages.lay_over(&file).unwrap();
        }
    }
    assert!(is_whole(&path).unwrap());
    assert_eq!(told(&Db::lite(&path, 1).unwrap()).await, told(&bed).await);
}

#[tokio::test]
async fn what_is_not_committed_is_not_drawn() {
    let bed = lite_bed().with(SCHEMA).await;
    let tap = tap(&bed, None).await;
    add(&bed, 0..3, 100).await;
    assert!(matches!(take(&tap), Found::Pages(_)));
    let other = rusqlite::Connection::open(bed.file()).unwrap();
    // So small a cache spills into the log before the commit.
    other.execute_batch("PRAGMA cache_size = 2; BEGIN IMMEDIATE").unwrap();
    for id in 10..60 {
        other.execute(ADD, (id, vec![7_u8; 5_000])).unwrap();
    }
    assert_eq!(take(&tap), Found::Nothing);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(take(&tap), Found::Nothing);
    add(&bed, 3..4, 100).await;
    let Found::Pages(pages) = take(&tap) else { panic!("a commit") };
    assert!(pages.pages.len() < 10, "{}", pages.pages.len());
}

#[tokio::test]
async fn a_torn_end_waits_until_it_is_whole() {
    let bed = lite_bed().with(SCHEMA).await;
    let tap = tap(&bed, None).await;
    add(&bed, 0..2, 6_000).await;
    assert!(matches!(take(&tap), Found::Pages(_)));
    let mark = tap.lock().unwrap().mark();
    add(&bed, 2..7, 6_000).await;
    let whole = std::fs::read(log_of(&bed.file())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let all = read(&folder, &whole, mark).1;
    assert!(matches!(all, Found::Pages(_)));
    let mut lengths: Vec<usize> = (0..whole.len()).step_by(997).collect();
    lengths.extend([1, 31, 32, 33, 55, 56, whole.len() - 1]);
    for length in lengths {
        let (after, found) = read(&folder, &whole[..length], mark);
        // A part of the commits, and then the rest, is all of them.
        let mut pages = match found {
            Found::Pages(pages) => pages,
            Found::Nothing => Pages::default(),
            Found::Lost => {
                assert!(length < 32 + mark.map_or(0, |mark| mark.frames as usize) * 4120, "{length}");
                continue;
            }
        };
        if let Found::Pages(rest) = read(&folder, &whole, after).1 {
            pages.size = rest.size;
            pages.pages.extend(rest.pages);
        }
        assert_eq!(Found::Pages(pages), all, "{length}");
    }
    let mut broken = whole.clone();
    let at = broken.len() - 100;
    broken[at] ^= 1;
    assert_ne!(read(&folder, &broken, mark).1, all, "a changed byte ends it");
}

fn log_of(file: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", file.display()))
}

fn read(folder: &TempDir, log: &[u8], mark: Option<Mark>) -> (Option<Mark>, Found) {
    let path = folder.path().join("wal");
    std::fs::write(&path, log).unwrap();
    let mut reader = Reader::new(File::open(path).unwrap(), mark);
    let found = reader.take().unwrap();
    (reader.mark, found)
}

#[tokio::test]
async fn it_goes_on_where_it_was_or_says_that_it_cannot() {
    let bed = lite_bed().with(SCHEMA).await;
    let first = tap(&bed, None).await;
    let twin = Twin::of(&bed, &first).await;
    add(&bed, 0..10, 2_000).await;
    twin.lay(&take(&first));
    let mark = first.lock().unwrap().mark();
    drop(first);
    add(&bed, 10..20, 2_000).await;
    let second = tap(&bed, mark).await;
    assert!(second.lock().unwrap().goes_on(mark));
    twin.lay(&take(&second));
    assert_eq!(twin.told().await, told(&bed).await);
    let mark = second.lock().unwrap().mark();
    drop(second);
    // Nobody holds it: the log begins anew.
    let other = rusqlite::Connection::open(bed.file()).unwrap();
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    add(&bed, 20..30, 2_000).await;
    assert!(!tap(&bed, mark).await.lock().unwrap().goes_on(mark));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_runs_between_waits_for_the_writer_and_the_writer_for_it() {
    let bed = lite_bed().with(SCHEMA).await;
    let hold = Hold::writer(&bed).await;
    let between = tokio::spawn({
        let (db, file) = ((*bed).clone(), bed.file());
        async move {
            db.between(move |_| {
                let other = rusqlite::Connection::open(&file)?;
                other.execute_batch("BEGIN IMMEDIATE; ROLLBACK")?;
                Ok(())
            })
            .await
        }
    });
    let after = tokio::spawn({
        let db = (*bed).clone();
        async move { add(&db, 0..1, 10).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(!between.is_finished() && !after.is_finished());
    hold.let_go().await;
    between.await.unwrap().expect("nobody else writes then");
    after.await.unwrap();
    assert_eq!(told(&bed).await.0, 1);
}
