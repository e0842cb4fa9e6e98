//! Who knows the address and the password of an account is its person. Unknown address and wrong password
//! answer alike, and take as long.
//!
//! A try is counted before it is looked at, so that a hundred at once are a hundred, and taken back when it was
//! right: only failures stay. A browser that opened the account before has an allowance of its own; all others share
//! stairs: many tries, then few from each place, then none until the time is over. The mailed link opens always.

use super::limits::{self, Limit, table};
use super::{devices, store};
use crate::events::{Event, announce};
use crate::web::Client;
use crate::{House, Outcome, Trouble, Tx};
use std::net::IpAddr;
use tasuki_base::password::Crowded;
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, EventKind, SessionId};

/// Longer is nobody's password; hashing it would only cost time.
const LONGEST: usize = 1024;

/// The account of an address as typed and its password; `None`: one of them is wrong. `device` is what the browser
/// says that it is.
///
/// # Errors
/// [`Trouble::TooMany`] after too many failures, whether the account exists or not; [`Trouble::Busy`] while very many
/// sign in.
pub async fn recognise(
    house: &House,
    client: &Client,
    device: Option<[u8; 32]>,
    email: &str,
    password: &str,
) -> Outcome<Option<AccountId>> {
    let key = text::email_key(email);
    let tried = match admit(house, client, device, &key).await {
        Ok(tried) => tried,
        Err(held) => return Err(super::held::told(house, key, held).await),
    };
    let found = house.read(move |tx| store::credentials(tx, &key)).await?;
    let (known, hash) = found.unzip();
    let right = match matches(house, password, hash).await {
        Ok(right) => right,
        Err(busy) => {
            house.write(move |tx| tried.take_back(tx)).await?;
            return Err(busy);
        }
    };
    let account = known.filter(|_| right);
    house
        .write(move |tx| match account {
            Some(_) => tried.forgive(tx),
            // Written for unknown addresses too: a wrong password costs as much as no account.
            // For a known one it stands in that person's record, by the same statement.
            None => announce(tx, &Event { other: known, ..Event::new(EventKind::SignInFailed) }),
        })
        .await?;
    Ok(account)
}

/// A try that was counted and may be looked at.
struct Tried {
    /// Of this browser, or of this account from this place: what a right password wipes out.
    own: Vec<(&'static Limit, String)>,
    /// Counted with others' tries: a right password takes its own back.
    shared: Vec<(&'static Limit, String)>,
}

impl Tried {
    fn take_back(&self, tx: &mut Tx) -> Outcome<()> {
        self.own.iter().chain(&self.shared).try_for_each(|(limit, who)| limits::give_back(tx, limit, who))
    }

    fn forgive(&self, tx: &mut Tx) -> Outcome<()> {
        self.own.iter().try_for_each(|(limit, who)| limits::forget(tx, limit, who))?;
        self.shared.iter().try_for_each(|(limit, who)| limits::give_back(tx, limit, who))
    }
}

async fn admit(house: &House, client: &Client, device: Option<[u8; 32]>, key: &str) -> Outcome<Tried> {
    let (key, place) = (key.to_owned(), place(client.address));
    let tried = house.write(move |tx| match devices::known(tx, &key, device.as_ref())? {
        Some(account) => known(tx, account, &device.unwrap_or_default()),
        None => unknown(tx, &key, &place),
    });
    tried.await?.ok_or(Trouble::TooMany)
}

fn known(tx: &mut Tx, account: AccountId, device: &[u8; 32]) -> Outcome<Option<Tried>> {
    let who = format!("{account} {device:02x?}");
    let own = vec![(&table::DEVICE, who.clone()), (&table::DEVICE_A_DAY, who)];
    Ok(limits::allow_all(tx, &own)?.then_some(Tried { own, shared: Vec::new() }))
}

fn unknown(tx: &mut Tx, key: &str, place: &str) -> Outcome<Option<Tried>> {
    let pair = format!("{key} {place}");
    let own = vec![(&table::PAIR, pair.clone())];
    let mut tried = Tried { own, shared: Vec::new() };
    if !limits::allow_all(tx, &tried.own)? {
        return Ok(None);
    }
    let stairs = [
        (&table::ACCOUNT, &table::ACCOUNT_SHUT, key.to_owned()),
        (&table::PLACE, &table::PLACE_SHUT, place.to_owned()),
    ];
    let (mut few, mut shut) = (false, false);
    for (soft, hard, who) in stairs {
        let count = limits::count(tx, soft, &who)?;
        few |= count > soft.most;
        shut |= count > hard.most;
        tried.shared.push((soft, who));
    }
    if few && !shut {
        let line = vec![(&table::FEW, pair)];
        shut = !limits::allow_all(tx, &line)?;
        if !shut {
            tried.own.extend(line);
        }
    }
    if shut {
        tried.take_back(tx)?;
    }
    Ok((!shut).then_some(tried))
}

/// Whether the signed-in person gave the right password of their own.
///
/// # Errors
/// [`Trouble::TooMany`] after too many failures, [`Trouble::Busy`] while very many sign in.
pub async fn knows_password(
    house: &House,
    account: AccountId,
    session: SessionId,
    password: &str,
) -> Outcome<bool> {
    let who = session.to_string();
    admit_one(house, &table::OWN_PASSWORD, who.clone()).await?;
    let hash = house.read(move |tx| store::password(tx, account)).await?;
    let right = matches(house, password, Some(hash)).await;
    let wrong = matches!(right, Ok(false));
    let write = move |tx: &mut Tx<'_, '_>| match wrong {
        true => announce(tx, &Event::new(EventKind::OwnPasswordWrong).by(account)),
        false => limits::give_back(tx, &table::OWN_PASSWORD, &who),
    };
    house.write(write).await?;
    right
}

async fn matches(house: &House, password: &str, hash: Option<String>) -> Outcome<bool> {
    let (password, hash) = if password.len() > LONGEST { ("", None) } else { (password, hash) };
    house.hasher.verify(password.to_owned(), hash).await.map_err(|Crowded| Trouble::Busy)
}

/// Whether a new password may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum May {
    Yes,
    /// So many were asked for at this address, by whomever, that a link which still opens lies in its mailbox, if it
    /// has an account.
    Mailed,
    /// Too many were asked for from this place.
    No,
}

/// Counts that a new password is asked for. Unknown addresses are answered alike.
///
/// # Errors
/// When the database fails.
pub async fn may_reset(house: &House, client: &Client, key: &str) -> Outcome<May> {
    let (mailbox, place) = (limits::mailbox(key), place(client.address));
    house
        .write(move |tx| {
            let count = limits::count(tx, &table::RESETS_HERE, &place)?;
            let few = (&table::RESETS_FEW, format!("{mailbox} {place}"));
            let crowded = count > table::RESETS_HERE.most;
            if count > table::RESETS_HERE_SHUT.most || crowded && !limits::allow_all(tx, &[few])? {
                return Ok(May::No);
            }
            let mut mails = vec![(&table::RESETS, mailbox.clone())];
            if limits::left(tx, &table::RESETS_A_DAY, &mailbox)? == 0 {
                mails.push((&table::RESETS_SLOW, mailbox.clone()));
            }
            if !limits::allow_all(tx, &mails)? {
                return Ok(May::Mailed);
            }
            limits::count(tx, &table::RESETS_A_DAY, &mailbox)?;
            Ok(May::Yes)
        })
        .await
}

/// What counts as one place: an address, or the network of a house under IPv6.
#[must_use]
pub fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::")
        }
    }
}

/// Counts a try that needs no account, from one place, and refuses when there were too many.
///
/// # Errors
/// [`Trouble::TooMany`].
pub async fn admit_from(house: &House, client: &Client, limit: &'static Limit) -> Outcome<()> {
    admit_one(house, limit, place(client.address)).await
}

/// Counts a try of `who` and refuses when there were too many.
///
/// # Errors
/// [`Trouble::TooMany`].
pub async fn admit_one(house: &House, limit: &'static Limit, who: String) -> Outcome<()> {
    let may = house.write(move |tx: &mut Tx| limits::allow(tx, limit, &who)).await?;
    if may { Ok(()) } else { Err(Trouble::TooMany) }
}
