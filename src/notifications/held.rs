//! Letters kept instead of sent, sealed under the house's own key.

use super::store;
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::mail::Letter;
use tasuki_base::seal::KeyId;
use tasuki_value::{DAY, Ts};
use uuid::Uuid;

/// A letter nobody sent.
#[derive(Clone)]
pub struct Held {
    pub letter: Letter,
    pub made_at: Ts,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Sealed {
    to: String,
    to_name: Option<String>,
    subject: String,
    body: String,
}

/// Links in older letters opened nothing for weeks: no reason to keep them.
const KEPT_FOR: i64 = 30 * DAY;

pub fn keep(tx: &mut Tx, own_key: KeyId, letter: &Letter) -> Outcome<()> {
    let Letter { to, to_name, subject, body } = letter.clone();
    let id = tx.draw();
    let sealed = tx.seal_json(own_key, place(id), &Sealed { to, to_name, subject, body })?;
    let oldest = tx.now().minus(KEPT_FOR);
    store::drop_held_before(tx, oldest)?;
    store::insert_held(tx, id, &sealed)
}

/// The newest letters first.
pub fn newest(tx: &mut Tx, limit: i64) -> Outcome<Vec<Held>> {
    let rows = store::held(tx, limit)?;
    rows.into_iter().map(|(id, sealed, made_at)| opened(tx, id, &sealed, made_at)).collect()
}

fn opened(tx: &mut Tx, id: Uuid, sealed: &[u8], made_at: Ts) -> Outcome<Held> {
    let Sealed { to, to_name, subject, body } = tx.open_json(place(id), sealed)?;
    Ok(Held { letter: Letter { to, to_name, subject, body }, made_at })
}

const fn place(id: Uuid) -> tasuki_base::seal::Place<'static> {
    cell("held_mails", "letter", id)
}
