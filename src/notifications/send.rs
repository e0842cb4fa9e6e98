//! The errand that sends one mail.

use super::compose::{self, Desk};
use super::held;
use super::notice::Notice;
use crate::errands::{self, Failed, Running};
use crate::{House, Trouble};
use tasuki_base::mail::{Letter, MailError};

pub fn run(house: House, payload: String) -> Running {
    Box::pin(async move {
        let notice: Notice = errands::payload(&payload)?;
        match compose_and_keep(&house, notice).await? {
            Some(letter) => house.mailer.send(&letter).await.map_err(failed),
            None => Ok(()),
        }
    })
}

/// The letter, with the hash of its token durable already. Without a mail server it is kept in the same
/// transaction, and nothing is left to send.
async fn compose_and_keep(house: &House, notice: Notice) -> Result<Option<Letter>, Failed> {
    let desk = Desk::of(house);
    let (held, own_key) = (house.mailer.is_held(), house.own_key);
    let composed = house.write(move |tx| {
        let letter = compose::letter(tx, &desk, &notice)?;
        match letter {
            Some(letter) if held => held::keep(tx, own_key, &letter).map(|()| None),
            letter => Ok(letter),
        }
    });
    match composed.await {
        // What the letter was to be about is gone, and with it the reason to write.
        Err(Trouble::Refused(_)) => Ok(None),
        composed => Ok(composed?),
    }
}

/// Only the kind of failure is kept, never an address.
fn failed(error: MailError) -> Failed {
    let code = match error {
        MailError::Held => "mail_held".to_owned(),
        MailError::Address => "mail_address".to_owned(),
        MailError::Unfit => "mail_unfit".to_owned(),
        MailError::Unreachable => "mail_unreachable".to_owned(),
        MailError::TimedOut => "mail_timed_out".to_owned(),
        MailError::Unsuited => "mail_unsuited".to_owned(),
        MailError::NotLetIn(code) => format!("mail_not_let_in_{code}"),
        MailError::Later(code) => format!("mail_later_{code}"),
        MailError::Refused(code) => format!("mail_refused_{code}"),
    };
    if error.retry() { Failed::again(code) } else { Failed::for_good(code) }
}
