//! At three in the morning: the turn, where a key was destroyed since the last one, and the keys' own copy.

use crate::errands::{self, Errand, Failed};
use crate::events::{Event, announce};
use crate::program::backup;
use crate::{House, Outcome};
use tasuki_base::seal;
use tasuki_base::text;
use tasuki_law::nouns::EventKind;
use tasuki_value::{DAY, HOUR, Ts};

const KIND: &str = "turn";

/// Turns the epoch if a key was destroyed since the last turn, and brings the keys' own copy up to today.
pub const TURN: Errand = Errand { kind: KIND, run: |house, _| Box::pin(at_night(house)) };

/// What a node does at night: nothing, if it is not to turn by itself, so that it takes the turn from none that is.
pub fn errand(house: &House) -> Option<Errand> {
    house.config.nightly_turn.then_some(TURN)
}

/// Calls for the next night's turn, if the house is to turn by itself.
pub async fn call(house: &House) -> Outcome<()> {
    if !house.config.nightly_turn {
        return Ok(());
    }
    let send = |tx: &mut crate::Tx<'_, '_>| {
        let night = next(tx.now());
        // A night's own key: one that is tried again does not run into the next.
        let once = format!("{KIND} {}", text::local_date(night));
        errands::send(tx, KIND, &(), Some(&once), night)
    };
    house.write(send).await
}

/// The next three o'clock in the morning.
pub fn next(now: Ts) -> Ts {
    let three = |at: Ts| text::midnight(text::local_date(at)).map_or(at.plus(DAY), |day| day.plus(3 * HOUR));
    let today = three(now);
    if today > now { today } else { three(now.plus(DAY)) }
}

async fn at_night(house: House) -> Result<(), Failed> {
    if !house.config.nightly_turn {
        return Ok(());
    }
    // The next night first, whatever becomes of this one.
    call(&house).await?;
    let destroyed = house.read(|tx| Ok(seal::store::outstanding(tx)?)).await?;
    if destroyed > 0 {
        let turned = seal::turn(&house.db, &house.vault, &house.chance, house.now()).await;
        let turned = turned.map_err(|error| told("turn", &error))?;
        let said = Event::new(EventKind::EpochTurned).noting(turned.epoch.to_string());
        house.write(move |tx| announce(tx, &said)).await?;
        tracing::info!(epoch = turned.epoch, rewrapped = turned.rewrapped, destroyed, "the epoch has turned");
    }
    // Every night: keys were made since, too.
    let Some(to) = &house.config.keys_copy else { return Ok(()) };
    let copied = backup::copy_keys(&house.db, &house.vault, &house.chance, to).await;
    copied.map_err(|wrong| told("keys_copy", &wrong.concat()))
}

fn told(code: &str, error: &dyn std::fmt::Display) -> Failed {
    tracing::error!(code, %error, "the nightly turn failed");
    Failed::again(code)
}
