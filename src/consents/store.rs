use super::Details;
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, ConsentId, ConsentMethod, PatientId, UploadId};
use tasuki_value::Ts;

const INSERT: &str = "INSERT INTO consents (id, patient, method, details, scan, recorded_at, recorded_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7)";
const OF_PATIENT: &str = "SELECT id, patient, method, details, scan, recorded_at, recorded_by, withdrawn_at,
    withdrawn_by
  FROM consents WHERE patient = $1 ORDER BY id DESC";
const WITHDRAW: &str = "UPDATE consents SET withdrawn_at = $2, withdrawn_by = $3
  WHERE id = $1 AND withdrawn_at IS NULL";

pub const STATEMENTS: &[&str] = &[INSERT, OF_PATIENT, WITHDRAW];

struct Row {
    id: ConsentId,
    patient: PatientId,
    method: ConsentMethod,
    details: Vec<u8>,
    scan: Option<UploadId>,
    recorded_at: Ts,
    recorded_by: AccountId,
    withdrawn_at: Option<Ts>,
    withdrawn_by: Option<AccountId>,
}
columns!(Row: id, patient, method, details, scan, recorded_at, recorded_by, withdrawn_at, withdrawn_by);

/// A consent on record, opened.
#[derive(Clone, Debug)]
pub struct Consent {
    pub id: ConsentId,
    pub patient: PatientId,
    pub method: ConsentMethod,
    pub details: Details,
    pub scan: Option<UploadId>,
    pub recorded_at: Ts,
    pub recorded_by: AccountId,
    pub withdrawn_at: Option<Ts>,
    pub withdrawn_by: Option<AccountId>,
}

pub struct NewConsent<'a> {
    pub id: ConsentId,
    pub patient: PatientId,
    pub data_key: KeyId,
    pub method: ConsentMethod,
    pub details: &'a Details,
    pub scan: Option<UploadId>,
    pub recorded_by: AccountId,
}

pub fn insert(tx: &mut Tx, new: &NewConsent<'_>) -> Outcome<()> {
    let now = tx.now();
    let details = tx.seal_json(new.data_key, cell("consents", "details", new.id.0), new.details)?;
    tx.exec(INSERT, &[&new.id, &new.patient, &new.method, &details, &new.scan, &now, &new.recorded_by])?;
    Ok(())
}

/// Newest first: the first one counts.
pub fn of_patient(tx: &mut Tx, patient: PatientId) -> Outcome<Vec<Consent>> {
    let rows = tx.all::<Row>(OF_PATIENT, &[&patient])?;
    rows.into_iter().map(|row| opened(tx, row)).collect()
}

fn opened(tx: &mut Tx, row: Row) -> Outcome<Consent> {
    let details = tx.open_json(cell("consents", "details", row.id.0), &row.details)?;
    Ok(Consent {
        id: row.id,
        patient: row.patient,
        method: row.method,
        details,
        scan: row.scan,
        recorded_at: row.recorded_at,
        recorded_by: row.recorded_by,
        withdrawn_at: row.withdrawn_at,
        withdrawn_by: row.withdrawn_by,
    })
}

/// Whether it was in force until now.
pub fn withdraw(tx: &mut Tx, consent: ConsentId, by: AccountId) -> Outcome<bool> {
    let now = tx.now();
    Ok(tx.exec(WITHDRAW, &[&consent, &now, &by])? == 1)
}
