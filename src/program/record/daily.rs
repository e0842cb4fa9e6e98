//! Once a day, by mail to whoever the operator names: how far the record has come. A mailbox is a place that nobody who
//! writes into the database can put back.

use crate::audit::{self, Head};
use crate::errands::{self, Errand, Failed};
use crate::phrases::record as words;
use crate::program::keys::next_night;
use crate::{House, Outcome};
use tasuki_base::mail::Letter;
use tasuki_base::text;
use tasuki_value::{HOUR, Ts};

const KIND: &str = "record_mail";

/// Goes through the whole record and mails what was found.
pub const DAILY: Errand = Errand { kind: KIND, run: |house, _| Box::pin(tell(house)) };

/// What a node does by itself: nothing, if nobody is to be told.
pub fn errand(house: &House) -> Option<Errand> {
    house.config.record_mail.is_some().then_some(DAILY)
}

/// Calls for the next morning's mail.
pub async fn call(house: &House) -> Outcome<()> {
    if house.config.record_mail.is_none() {
        return Ok(());
    }
    let send = |tx: &mut crate::Tx<'_, '_>| {
        let morning = next_night(tx.now()).plus(HOUR);
        let once = format!("{KIND} {}", text::local_date(morning));
        errands::send(tx, KIND, &(), Some(&once), morning)
    };
    house.write(send).await
}

async fn tell(house: House) -> Result<(), Failed> {
    let Some(to) = house.config.record_mail.clone() else { return Ok(()) };
    call(&house).await?;
    if house.mailer.is_held() {
        return Ok(());
    }
    let letter = letter(&house, to).await?;
    house.mailer.send(&letter).await.map_err(|error| {
        tracing::warn!(%error, "the record's daily mail was not sent");
        if error.retry() { Failed::again("mail") } else { Failed::for_good("mail") }
    })
}

/// What it says.
pub async fn letter(house: &House, to: String) -> Outcome<Letter> {
    let chain = audit::verify_chain(&house.db, &house.marks, &house.vault).await?;
    let said = match &chain.wrong {
        None => words::whole(&chain),
        Some(wrong) => words::wrong(wrong),
    };
    let kept = match audit::kept(&house.vault, &house.marks).await? {
        audit::Kept::Head(Head { era, number, at, hash, .. }) => {
            words::head_kept(era, number, Ts(at), &tasuki_base::hash::hex(&hash))
        }
        _ => String::new(),
    };
    let subject = words::mail_subject(&house.config.name, chain.is_whole());
    Ok(Letter { to, to_name: None, subject, body: format!("{said}\n\n{kept}\n") })
}
