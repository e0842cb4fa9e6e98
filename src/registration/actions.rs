//! The verbs of a registration.

use super::sheet::Sheet;
use super::store::{self, Entry};
use crate::accounts::actions::NewAccount;
use crate::accounts::links::{self, Link, LinkKind};
use crate::accounts::{self, TERMS_VERSION, devices};
use crate::errands::{self, Errand, Failed, Running};
use crate::events::{Event, announce};
use crate::facilities::Details;
use crate::workplaces::actions::Opening;
use crate::{House, Outcome, Trouble, Tx, workplaces};
use tasuki_base::seal::KeyId;
use tasuki_base::text;
use tasuki_law::nouns::{AccountId, AccountKind, EventKind, FacilityType, Profession, RegistrationId};
use tasuki_value::DAY;

/// What was begun and not finished is forgotten after so long.
const FORGOTTEN_AFTER: i64 = 14 * DAY;

/// Begins a registration; `token` is the hash of what the browser keeps.
pub fn begin(tx: &mut Tx, token: &[u8; 32]) -> Outcome<()> {
    let before = tx.now().minus(FORGOTTEN_AFTER);
    store::sweep(tx, before)?;
    let id = RegistrationId(tx.draw());
    store::insert(tx, token, &Entry::blank(id))
}

impl Entry {
    fn blank(id: RegistrationId) -> Self {
        let sheet = Sheet::default();
        Self { id, sheet, email_key: None, submitted_at: None, completed_at: None, account: None }
    }

    /// Whether a mail can be asked for it.
    pub(super) fn is_ready(&self) -> bool {
        self.email_key.is_some() && self.sheet.first_gap().is_none()
    }
}

/// Keeps what was typed on one page.
pub fn keep(tx: &mut Tx, token: &[u8; 32], fill: impl Fn(&mut Sheet)) -> Outcome<()> {
    let mut entry = store::by_token(tx, token)?.ok_or_else(Trouble::unseen)?;
    fill(&mut entry.sheet);
    put(tx, token, entry)
}

/// Keeps the address.
pub fn keep_account(tx: &mut Tx, token: &[u8; 32], email: &str, unshared: bool) -> Outcome<()> {
    let mut entry = store::by_token(tx, token)?.ok_or_else(Trouble::unseen)?;
    email.clone_into(&mut entry.sheet.email);
    entry.sheet.unshared = unshared;
    entry.email_key = Some(text::email_key(email));
    put(tx, token, entry)
}

/// Once a mail was asked for, what is typed begins a registration of its own: a link opens what it was sent for, and
/// the browser that asked for it changes nothing behind it.
fn put(tx: &mut Tx, token: &[u8; 32], mut entry: Entry) -> Outcome<()> {
    if entry.completed_at.is_some() {
        return Err(Trouble::unseen());
    }
    if entry.submitted_at.take().is_none() {
        return store::save(tx, &entry);
    }
    store::delete(tx, entry.id)?;
    entry.id = RegistrationId(tx.draw());
    store::insert(tx, token, &entry)
}

/// Asks for the mail that finishes the registration: first, and again. Whoever has an account at the address
/// already gets another mail instead; the answer here is the same.
pub fn submit(tx: &mut Tx, token: &[u8; 32]) -> Outcome<()> {
    let entry = store::by_token(tx, token)?.ok_or_else(Trouble::unseen)?;
    if !entry.is_ready() || entry.completed_at.is_some() {
        return Err(Trouble::Malformed);
    }
    ask_for_mail(tx, &entry)
}

/// Asks for a new link by an old one.
pub fn renew(tx: &mut Tx, id: RegistrationId) -> Outcome<()> {
    match store::locked(tx, id)? {
        Some(entry) if entry.completed_at.is_none() => ask_for_mail(tx, &entry),
        _ => Err(Trouble::unseen()),
    }
}

/// Whether the address has an account is looked up after the answer, by [`SUBMITTED`]: until then the same is done
/// for every address, and takes as long.
fn ask_for_mail(tx: &mut Tx, entry: &Entry) -> Outcome<()> {
    store::submit(tx, entry.id)?;
    let now = tx.now();
    errands::send(tx, KIND, &entry.id, None, now)
}

const KIND: &str = "registration_submitted";

/// Looks whether the address has an account, and has the right mail written.
pub const SUBMITTED: Errand = Errand { kind: KIND, run };

fn run(house: House, payload: String) -> Running {
    Box::pin(async move {
        let id: RegistrationId = errands::payload(&payload)?;
        house.write(move |tx| announce_submission(tx, id)).await.map_err(Failed::from)
    })
}

fn announce_submission(tx: &mut Tx, id: RegistrationId) -> Outcome<()> {
    // Begun anew or refused meanwhile: nobody is to be written to.
    let Some(entry) = store::find(tx, id)? else { return Ok(()) };
    let known = accounts::by_email(tx, entry.email_key.as_deref().unwrap_or_default())?;
    let event = match known {
        Some(account) => Event::new(EventKind::RegistrationRepeated).concerning(account),
        None => Event::new(EventKind::RegistrationSubmitted),
    };
    announce(tx, &event.about(entry.id.0))
}

/// The person at the address did not ask for this: nothing is left of it.
pub fn refuse(tx: &mut Tx, link: &Link) -> Outcome<()> {
    let id = RegistrationId(link.subject);
    let Some(entry) = store::locked(tx, id)? else { return Ok(()) };
    if entry.completed_at.is_none() {
        links::close_all(tx, LinkKind::Registration, id.0)?;
        store::delete(tx, id)?;
    }
    Ok(())
}

/// What a completion came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completed {
    /// Now, or by the same link a moment before.
    Yes,
    /// The link is over.
    Over,
    /// The address got an account in another way meanwhile.
    Taken,
}

/// The keys of the new account and the new facility, durable already.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    pub person: KeyId,
    pub facility: KeyId,
}

/// What the person at the address decided behind the mailed link.
pub struct Decided<'a> {
    /// What was typed before, as they saw and corrected it.
    pub sheet: &'a Sheet,
    /// argon2id as a PHC string, of the password typed there.
    pub password: &'a str,
    pub keys: Keys,
    /// The browser, known to the account from now on.
    pub browser: [u8; 32],
}

/// Makes account, facility and first seat, as administrator; once, however often it is asked.
pub fn complete(tx: &mut Tx, link: &Link, decided: &Decided<'_>) -> Outcome<Completed> {
    let Some(entry) = store::locked(tx, RegistrationId(link.subject))? else { return Ok(Completed::Over) };
    if entry.completed_at.is_some() {
        return Ok(Completed::Yes);
    }
    let key = entry.email_key.clone().unwrap_or_default();
    if accounts::by_email(tx, &key)?.is_some() {
        return Ok(Completed::Taken);
    }
    if !links::use_up(tx, link.id)? {
        return Ok(Completed::Over);
    }
    let account = AccountId(tx.draw());
    let unfinished = || Trouble::broken("a registration without all its parts was completed");
    let (profession, kind) = decided.sheet.choices().ok_or_else(unfinished)?;
    // The address is the one the link was sent to, whatever a form says.
    open_account(tx, (&entry.sheet.email, &key), account, profession, decided)?;
    open_facility(tx, decided.sheet, account, profession, kind, decided.keys.facility)?;
    devices::remember(tx, account, &decided.browser)?;
    store::complete(tx, entry.id, account)?;
    announce(tx, &Event::new(EventKind::RegistrationCompleted).by(account).about(entry.id.0))?;
    Ok(Completed::Yes)
}

fn open_account(
    tx: &mut Tx,
    (email, email_key): (&str, &str),
    id: AccountId,
    profession: Profession,
    decided: &Decided<'_>,
) -> Outcome<()> {
    let sheet = decided.sheet;
    accounts::actions::create(
        tx,
        &NewAccount {
            id,
            kind: AccountKind::Professional,
            email,
            email_key,
            family: &sheet.family,
            given: &sheet.given,
            family_kana: &sheet.family_kana,
            given_kana: &sheet.given_kana,
            profession,
            password: decided.password,
            data_key: decided.keys.person,
            terms_version: TERMS_VERSION,
        },
    )
}

fn open_facility(
    tx: &mut Tx,
    sheet: &Sheet,
    founder: AccountId,
    profession: Profession,
    kind: FacilityType,
    data_key: KeyId,
) -> Outcome<()> {
    let details = Details {
        prefecture: sheet.prefecture.clone(),
        address: sheet.address.clone(),
        building: sheet.building.clone(),
        phone: sheet.phone.clone(),
    };
    let opening = Opening {
        name: &sheet.facility,
        kind,
        postal_code: &sheet.postal_code,
        details: &details,
        data_key,
        founder,
        profession,
    };
    workplaces::actions::open(tx, &opening)?;
    Ok(())
}
