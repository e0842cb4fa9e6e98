//! Long because every statement stands beside the function that runs it.

use super::{Facts, Glance, Patient};
use crate::house::cell;
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{
    AccountId, ConsentId, ConsentMethod, FacilityId, FacilityType, GroupId, MemberId, MemberRole,
    PatientField, PatientId, SeatId, UploadId,
};
use tasuki_value::Ts;
use uuid::Uuid;

const INSERT: &str = "INSERT INTO patients (id, facility, group_id, data_key, facts, code, made_at, made_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const PATIENT: &str = "SELECT id, group_id, facility, data_key, facts, photo, members_may_edit
  FROM patients WHERE id = $1";
const LAW: &str = "SELECT p.group_id, p.facility, p.members_may_edit, g.closed_at IS NOT NULL AS closed,
    (SELECT c.withdrawn_at IS NOT NULL FROM consents c WHERE c.patient = p.id ORDER BY c.id DESC LIMIT 1)
      AS consent_withdrawn
  FROM patients p JOIN groups g ON g.id = p.group_id WHERE p.id = $1";
const CODE: &str = "SELECT code FROM patients WHERE id = $1";
const CHANGE: &str = "UPDATE patients SET facts = $2 WHERE id = $1";
const OPEN_EDITING: &str =
    "UPDATE patients SET members_may_edit = $2 WHERE id = $1 AND members_may_edit <> $2";
const INSERT_CHANGE: &str = "INSERT INTO patient_changes (id, patient, at, account, seat, change)
  VALUES ($1, $2, $3, $4, $5, $6)";
const CHANGES: &str =
    "SELECT id, at, account, change FROM patient_changes WHERE patient = $1 ORDER BY id DESC";
const LAST_CHANGE: &str = "SELECT id FROM patient_changes WHERE patient = $1 ORDER BY id DESC LIMIT 1";

const LISTED: &str =
    "SELECT p.id AS patient, p.group_id, p.facility, f.name AS facility_name, p.facts, p.photo,
    p.members_may_edit, g.closed_at IS NOT NULL AS closed,
    m.id AS member, m.seat, s.facility AS my_facility, sf.type AS my_type, m.role,
    o.id AS office_seat, o.admin_since IS NOT NULL AS office_admin, c.method, c.withdrawn_at,
    (SELECT t.seq - r.seq - r.own FROM timelines t JOIN reads r ON r.timeline = t.id AND r.account = $1
      WHERE t.group_id = p.group_id AND t.kind = 'professional') AS unread
  FROM patients p JOIN groups g ON g.id = p.group_id JOIN facilities f ON f.id = p.facility
  LEFT JOIN members m ON m.group_id = p.group_id AND m.account = $1 AND m.ended_at IS NULL
  LEFT JOIN seats s ON s.id = m.seat LEFT JOIN facilities sf ON sf.id = s.facility
  LEFT JOIN seats o ON o.account = $1 AND o.facility = p.facility AND o.ended_at IS NULL
  LEFT JOIN consents c
    ON c.id = (SELECT l.id FROM consents l WHERE l.patient = p.id ORDER BY l.id DESC LIMIT 1)
  WHERE p.id IN (
    SELECT mg.patient FROM members mm JOIN groups mg ON mg.id = mm.group_id
      WHERE mm.account = $1 AND mm.ended_at IS NULL AND mg.patient IS NOT NULL
    UNION
    SELECT fp.id FROM seats fs JOIN patients fp ON fp.facility = fs.facility
      WHERE fs.account = $1 AND fs.ended_at IS NULL)";

const GLANCE: &str =
    "SELECT id, method, details, withdrawn_at FROM consents WHERE patient = $1 ORDER BY id DESC LIMIT 1";
const SET_PHOTO: &str = "UPDATE patients SET photo = $2 WHERE id = $1";

const INSERT_FORM: &str = "INSERT INTO patient_forms (id, account, facility, data_key, typed, made_at)
  VALUES ($1, $2, $3, $4, $5, $6)";
const FORM: &str =
    "SELECT id, facility, data_key, typed, patient FROM patient_forms WHERE id = $1 AND account = $2";
const RETYPE_FORM: &str = "UPDATE patient_forms SET typed = $2, facility = $3 WHERE id = $1";
const FORM_DONE: &str = "UPDATE patient_forms SET patient = $2 WHERE id = $1";
const FORM_KEY: &str = "SELECT data_key, patient FROM patient_forms WHERE id = $1";
const FORGET_FORM: &str = "DELETE FROM patient_forms WHERE id = $1";

pub const STATEMENTS: &[&str] = &[
    INSERT,
    PATIENT,
    LAW,
    CODE,
    CHANGE,
    OPEN_EDITING,
    INSERT_CHANGE,
    CHANGES,
    LAST_CHANGE,
    LISTED,
    GLANCE,
    SET_PHOTO,
    INSERT_FORM,
    FORM,
    RETYPE_FORM,
    FORM_DONE,
    FORM_KEY,
    FORGET_FORM,
];

/// What the law asks of a patient.
pub struct LawRow {
    pub group: GroupId,
    pub facility: FacilityId,
    pub members_may_edit: bool,
    pub closed: bool,
    /// None: no consent on record.
    pub consent_withdrawn: Option<bool>,
}
columns!(LawRow: group, facility, members_may_edit, closed, consent_withdrawn);

pub fn law(tx: &mut Tx, patient: PatientId) -> Outcome<LawRow> {
    Ok(tx.one(LAW, &[&patient])?)
}

pub struct NewPatient<'a> {
    pub id: PatientId,
    pub facility: FacilityId,
    pub group: GroupId,
    pub data_key: KeyId,
    pub facts: &'a Facts,
    pub code: &'a str,
    pub made_by: AccountId,
}

pub fn insert(tx: &mut Tx, new: &NewPatient<'_>) -> Outcome<()> {
    let now = tx.now();
    let facts = tx.seal_json(new.data_key, cell("patients", "facts", new.id.0), new.facts)?;
    let code = tx.seal_text(new.data_key, cell("patients", "code", new.id.0), new.code)?;
    let row: [&dyn tasuki_value::Bind; 8] =
        [&new.id, &new.facility, &new.group, &new.data_key, &facts, &code, &now, &new.made_by];
    tx.exec(INSERT, &row)?;
    Ok(())
}

pub fn patient(tx: &mut Tx, patient: PatientId) -> Outcome<Patient> {
    type Stored = (PatientId, GroupId, FacilityId, KeyId, Vec<u8>, Option<UploadId>, bool);
    let (id, group, facility, data_key, sealed, photo, members_may_edit) =
        tx.one::<Stored>(PATIENT, &[&patient])?;
    let facts = tx.open_json(cell("patients", "facts", id.0), &sealed)?;
    Ok(Patient { id, group, facility, data_key, facts, photo, members_may_edit })
}

pub fn code(tx: &mut Tx, patient: PatientId) -> Outcome<String> {
    let (sealed,) = tx.one::<(Vec<u8>,)>(CODE, &[&patient])?;
    tx.open_text(cell("patients", "code", patient.0), &sealed)
}

pub fn change(tx: &mut Tx, patient: &Patient, facts: &Facts) -> Outcome<()> {
    let sealed = tx.seal_json(patient.data_key, cell("patients", "facts", patient.id.0), facts)?;
    tx.exec(CHANGE, &[&patient.id, &sealed])?;
    Ok(())
}

/// Whether this changed anything.
pub fn open_editing(tx: &mut Tx, patient: PatientId, open: bool) -> Outcome<bool> {
    Ok(tx.exec(OPEN_EDITING, &[&patient, &open])? == 1)
}

/// One field of the facts, before and after, in the words of the card.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Change {
    pub field: PatientField,
    pub before: String,
    pub after: String,
}

/// A change with who made it and when.
pub struct PastChange {
    pub at: Ts,
    pub account: AccountId,
    pub change: Change,
}

pub fn insert_change(
    tx: &mut Tx,
    patient: &Patient,
    account: AccountId,
    seat: SeatId,
    change: &Change,
) -> Outcome<()> {
    let (id, now) = (tx.draw(), tx.now());
    let sealed = tx.seal_json(patient.data_key, cell("patient_changes", "change", id), change)?;
    tx.exec(INSERT_CHANGE, &[&id, &patient.id, &now, &account, &seat, &sealed])?;
    Ok(())
}

/// Newest first.
pub fn changes(tx: &mut Tx, patient: PatientId) -> Outcome<Vec<PastChange>> {
    let rows = tx.all::<(Uuid, Ts, AccountId, Vec<u8>)>(CHANGES, &[&patient])?;
    let opened = rows.into_iter().map(|(id, at, account, sealed)| {
        let change = tx.open_json(cell("patient_changes", "change", id), &sealed)?;
        Ok(PastChange { at, account, change })
    });
    opened.collect()
}

/// Where the history stands.
pub fn last_change(tx: &mut Tx, patient: PatientId) -> Outcome<Option<Uuid>> {
    Ok(tx.opt::<(Uuid,)>(LAST_CHANGE, &[&patient])?.map(|(id,)| id))
}

/// A patient that somebody knows of, by membership or by working at the originating facility.
pub struct ListedRow {
    pub patient: PatientId,
    pub group: GroupId,
    pub facility: FacilityId,
    pub facility_name: String,
    pub facts: Vec<u8>,
    pub photo: Option<UploadId>,
    pub members_may_edit: bool,
    pub closed: bool,
    pub member: Option<MemberId>,
    pub seat: Option<SeatId>,
    pub my_facility: Option<FacilityId>,
    pub my_type: Option<FacilityType>,
    pub role: Option<MemberRole>,
    pub office_seat: Option<SeatId>,
    pub office_admin: bool,
    pub consent: Option<ConsentMethod>,
    pub withdrawn_at: Option<Ts>,
    pub unread: Option<i64>,
}
columns!(ListedRow: patient, group, facility, facility_name, facts, photo, members_may_edit, closed, member,
    seat, my_facility, my_type, role, office_seat, office_admin, consent, withdrawn_at, unread);

pub fn listed(tx: &mut Tx, account: AccountId) -> Outcome<Vec<ListedRow>> {
    Ok(tx.all(LISTED, &[&account])?)
}

/// Opens the facts of a row.
pub fn open_facts(tx: &mut Tx, patient: PatientId, sealed: &[u8]) -> Outcome<Facts> {
    tx.open_json(cell("patients", "facts", patient.0), sealed)
}

/// A registration under way.
pub struct FormRow {
    pub id: Uuid,
    pub facility: FacilityId,
    pub data_key: KeyId,
    pub typed: Vec<u8>,
    pub patient: Option<PatientId>,
}
columns!(FormRow: id, facility, data_key, typed, patient);

pub fn insert_form<T: serde::Serialize>(
    tx: &mut Tx,
    account: AccountId,
    facility: FacilityId,
    data_key: KeyId,
    typed: &T,
) -> Outcome<Uuid> {
    let (id, now) = (tx.draw(), tx.now());
    let sealed = tx.seal_json(data_key, cell("patient_forms", "typed", id), typed)?;
    tx.exec(INSERT_FORM, &[&id, &account, &facility, &data_key, &sealed, &now])?;
    Ok(id)
}

/// One's own form; locked, so that pressing twice waits for the first.
pub fn form(tx: &mut Tx, account: AccountId, form: Uuid) -> Outcome<FormRow> {
    tx.one(FORM, &[&form, &account]).map_err(Into::into)
}

pub fn lock_form(tx: &mut Tx, account: AccountId, form: Uuid) -> Outcome<FormRow> {
    tx.lock_rows(FORM, &[&form, &account])?.pop().ok_or_else(crate::Trouble::unseen)
}

pub fn open_typed<T: serde::de::DeserializeOwned>(tx: &mut Tx, form: &FormRow) -> Outcome<T> {
    tx.open_json(cell("patient_forms", "typed", form.id), &form.typed)
}

pub fn retype_form<T: serde::Serialize>(
    tx: &mut Tx,
    form: &FormRow,
    facility: FacilityId,
    typed: &T,
) -> Outcome<()> {
    let sealed = tx.seal_json(form.data_key, cell("patient_forms", "typed", form.id), typed)?;
    tx.exec(RETYPE_FORM, &[&form.id, &sealed, &facility])?;
    Ok(())
}

pub fn form_done(tx: &mut Tx, form: Uuid, patient: PatientId) -> Outcome<()> {
    tx.exec(FORM_DONE, &[&form, &patient])?;
    Ok(())
}

/// Forgets a form; the key of one that never became a patient is destroyed with it.
pub fn forget_form(tx: &mut Tx, form: Uuid) -> Outcome<()> {
    let Some((key, patient)) = tx.opt::<(KeyId, Option<PatientId>)>(FORM_KEY, &[&form])? else {
        return Ok(());
    };
    tx.exec(FORGET_FORM, &[&form])?;
    if patient.is_none() {
        let now = tx.now();
        tasuki_base::seal::store::destroy(tx, key, now)?;
    }
    Ok(())
}

/// The one thing of a consent that a patient's card shows.
#[derive(serde::Deserialize)]
struct Given {
    given_on: String,
}

/// The consent that counts.
pub fn glance(tx: &mut Tx, patient: PatientId) -> Outcome<Glance> {
    type Stored = (ConsentId, ConsentMethod, Vec<u8>, Option<Ts>);
    let Some((id, method, sealed, withdrawn_at)) = tx.opt::<Stored>(GLANCE, &[&patient])? else {
        return Ok(Glance::default());
    };
    let given: Given = tx.open_json(cell("consents", "details", id.0), &sealed)?;
    Ok(Glance { method: Some(method), given_on: given.given_on.parse().ok(), withdrawn_at })
}

pub fn set_photo(tx: &mut Tx, patient: PatientId, photo: Option<UploadId>) -> Outcome<()> {
    tx.exec(SET_PHOTO, &[&patient, &photo])?;
    Ok(())
}
