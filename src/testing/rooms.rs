//! The rooms of a house for one test: in memory, on a database of its own, at a moment of its own.

use crate::config::{Config, Support};
use crate::house::{Closing, Meter, Presence, Pulse, Rooms};
use crate::serve::{self, migrations};
use crate::{House, events};
use std::path::{Path, PathBuf};
use tasuki_base::blobs::Blobs;
use tasuki_base::db::Db;
use tasuki_base::mail::Mailer;
use tasuki_base::password::Hasher;
use tasuki_base::seal::Vault;
use tasuki_base::{Chance, Clock};
use tasuki_value::Ts;

/// 2026-11-20 09:00 in Tokyo, a Friday.
const MORNING: Ts = Ts(1_795_132_800_000_000);

/// An empty house, its chance seeded.
pub async fn house(folder: &Path, name: &str, seed: u64, mailer: Mailer, blobs: Blobs) -> House {
    let db = open_db(folder, name);
    let chance = Chance::seeded(seed);
    let vault = Vault::in_memory(&chance);
    let clock = Clock::fixed(MORNING);
    db.migrate(&migrations()).await.expect("migrations run");
    let own_key = serve::own_key(&db, &vault, &chance, clock.now()).await.expect("the house's own key");
    let marks = serve::marks(&db, &vault, own_key).await.expect("the house's own key opens");
    let house = House::new(Rooms {
        config: config(folder.to_owned()),
        db,
        vault,
        blobs,
        mailer,
        hasher: Hasher::new(),
        clock,
        chance,
        relay: events::Relay::default(),
        looks: crate::audit::Looks::default(),
        recent: crate::audit::Recent::default(),
        shelf: crate::house::Shelf::default(),
        presence: Presence::default(),
        pulse: Pulse::default(),
        meter: Meter::default(),
        closing: Closing::default(),
        own_key,
        marks,
    });
    house.relay.is_heard_by(serve::listeners());
    house
}

fn open_db(folder: &std::path::Path, name: &str) -> Db {
    match std::env::var("TASUKI_TEST_PG") {
        Ok(url) => {
            let schema = name.replace('-', "_");
            Db::pg(&url, 3, Some(&schema)).expect("PostgreSQL answers")
        }
        Err(_) => Db::lite(&folder.join("tasuki.sqlite"), 2).expect("SQLite opens"),
    }
}

fn config(data: PathBuf) -> Config {
    Config {
        name: "たすきネット".to_owned(),
        url: "http://tasuki.test".to_owned(),
        data,
        listen: ([127, 0, 0, 1], 0).into(),
        secure: false,
        trusted_proxies: Vec::new(),
        max_file: 50 * 1024 * 1024,
        disk_floor: None,
        demo: false,
        sample_people: Vec::new(),
        support: Support {
            name: "たすきネット事務局".to_owned(),
            phone: "000-000-0100".to_owned(),
            mail: "support@example.jp".to_owned(),
            address: "岡山市北区表町1-1".to_owned(),
            hours: "平日 9:00〜17:00".to_owned(),
        },
        mail_from: "noreply@tasuki.test".to_owned(),
        keys_copy: None,
        nightly_turn: false,
        record_mail: None,
        streams_each: 40,
    }
}
