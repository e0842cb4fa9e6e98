//! Somebody asked for a new password. Whether the address has an account is looked up after the answer: until then
//! the same is done for every address, and takes as long.

use super::store;
use crate::errands::{self, Errand, Failed, Running};
use crate::events::{Event, announce};
use crate::house::cell;
use crate::{House, Outcome, Tx};
use serde::{Deserialize, Serialize};
use tasuki_law::nouns::{EventKind, LinkId};

const KIND: &str = "reset_asked";

/// Looks whether the address has an account, and has the mail written if it has.
pub const RESET: Errand = Errand { kind: KIND, run };

#[derive(Serialize, Deserialize)]
struct Asked {
    /// What the address is sealed for.
    id: LinkId,
    /// The address, sealed under the house's own key.
    address: Vec<u8>,
}

/// Puts down what was asked for an address as typed.
pub fn put_down(tx: &mut Tx, email_key: &str) -> Outcome<()> {
    let (id, own, now) = (LinkId(tx.draw()), tx.own_key(), tx.now());
    let address = tx.seal_text(own, cell("jobs", "address", id.0), email_key)?;
    errands::send(tx, KIND, &Asked { id, address }, None, now)
}

fn run(house: House, payload: String) -> Running {
    Box::pin(async move {
        let Asked { id, address } = errands::payload(&payload)?;
        let told = house.write(move |tx| {
            let email_key = tx.open_text(cell("jobs", "address", id.0), &address)?;
            match store::by_email(tx, &email_key)? {
                Some(account) => announce(
                    tx,
                    &Event::new(EventKind::PasswordResetAsked).about(account.0).concerning(account),
                ),
                None => Ok(()),
            }
        });
        told.await.map_err(Failed::from)
    })
}
