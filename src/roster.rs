//! The roster: what every room brings to the house. One item a line.

use crate::errands::Errand;
use crate::events::Listener;
use tasuki_base::db::Migration;

macro_rules! migrations {
    ($($number:literal $name:literal;)+) => {
        vec![$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
        },)+]
    };
}

/// Every step from an empty database to today's.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    migrations! {
        1 "0001_ground";
        2 "0002_accounts";
        3 "0003_facilities";
        4 "0004_groups";
        5 "0005_patients";
        6 "0006_invitations";
        7 "0007_timelines";
        8 "0008_media";
        9 "0009_connections";
        10 "0010_places_of_a_person";
        11 "0011_destroyed_keys";
        12 "0012_faces";
        13 "0013_record_by_block";
        14 "0014_bylines";
        15 "0015_record_marks";
        16 "0016_devices";
        17 "0017_kept_forms";
        18 "0018_acknowledged_by_others";
    }
}

/// Who hears events.
#[must_use]
pub fn listeners() -> Vec<Listener> {
    vec![
        crate::audit::LISTENER,
        crate::invitations::listener(),
        crate::notifications::LISTENER,
        crate::live::LISTENER,
    ]
}

/// What the house does by itself.
#[must_use]
pub fn errands() -> Vec<Errand> {
    vec![
        crate::media::actions::CLEAR,
        crate::media::actions::EXPIRE,
        crate::audit::CHAIN,
        crate::patients::FORGET,
        crate::invitations::errand(),
        crate::invitations::consented_errand(),
        crate::accounts::RESET,
        crate::accounts::kept::FORGET,
        crate::registration::SUBMITTED,
        crate::notifications::MAIL,
        crate::notifications::NEW_POSTS,
    ]
}

/// Every SQL text of the house: each is prepared on the engine in use, by a test and by `tasuki doctor`.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let rooms: &[&[&'static str]] = &[
        crate::house::store::STATEMENTS,
        tasuki_base::seal::store::STATEMENTS,
        crate::events::STATEMENTS,
        crate::web::STATEMENTS,
        crate::accounts::STATEMENTS,
        crate::accounts::limits::STATEMENTS,
        crate::accounts::devices::STATEMENTS,
        crate::accounts::kept::STATEMENTS,
        crate::accounts::links::STATEMENTS,
        crate::accounts::FRONT,
        crate::media::STATEMENTS,
        crate::facilities::STATEMENTS,
        crate::groups::STATEMENTS,
        crate::registration::STATEMENTS,
        crate::audit::STATEMENTS,
        crate::patients::STATEMENTS,
        crate::consents::STATEMENTS,
        crate::groups::HISTORY,
        crate::groups::MEMBERSHIPS,
        crate::groups::GROUNDS,
        crate::free_groups::STATEMENTS,
        crate::connections::STATEMENTS,
        crate::invitations::STATEMENTS,
        crate::timeline::STATEMENTS,
        crate::timeline::BYLINES,
        crate::timeline::REPEATS,
        crate::timeline::CORRECTIONS,
        crate::timeline::DOOR,
        crate::timeline::drafts::STATEMENTS,
        crate::timeline::places::STATEMENTS,
        crate::acknowledgements::STATEMENTS,
        crate::joining::STATEMENTS,
        crate::notifications::STATEMENTS,
    ];
    rooms.concat()
}
