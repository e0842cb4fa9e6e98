use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_law::nouns::{AccountId, FacilityId, Profession, SeatId, UploadId};
use tasuki_value::Ts;

const PEOPLE: &str = "SELECT a.id AS account, s.id AS seat, a.family, a.given, a.family_kana, a.given_kana,
    a.photo, s.profession, s.facility, f.name AS facility_name, f.vouched_at,
    s.facility IN (SELECT o.facility FROM seats o WHERE o.account = $1 AND o.ended_at IS NULL) AS own
  FROM accounts a JOIN seats s ON s.account = a.id JOIN facilities f ON f.id = s.facility
  WHERE a.id IN (
      SELECT other.account FROM members mine JOIN members other ON other.group_id = mine.group_id
        WHERE mine.account = $1 AND mine.ended_at IS NULL AND other.ended_at IS NULL
      UNION SELECT high FROM connections WHERE low = $1
      UNION SELECT low FROM connections WHERE high = $1)
    AND a.id <> $1 AND a.kind = 'professional' AND a.suspended_at IS NULL AND a.closed_at IS NULL
    AND s.id = (SELECT x.id FROM seats x WHERE x.account = a.id AND x.ended_at IS NULL
      ORDER BY (x.facility IN (SELECT o.facility FROM seats o WHERE o.account = $1 AND o.ended_at IS NULL)) DESC,
        x.joined_at, x.id LIMIT 1)
  ORDER BY a.family_kana, a.given_kana, a.family, a.given, a.id";
const CONNECT: &str = "INSERT INTO connections (low, high, made_at) VALUES ($1, $2, $3)
  ON CONFLICT (low, high) DO NOTHING";

const KNOWS: &str =
    "SELECT EXISTS (SELECT 1 FROM members mine JOIN members other ON other.group_id = mine.group_id
      WHERE mine.account = $1 AND mine.ended_at IS NULL AND other.account = $2)
    OR EXISTS (SELECT 1 FROM connections WHERE (low = $1 AND high = $2) OR (low = $2 AND high = $1))";

pub const STATEMENTS: &[&str] = &[PEOPLE, CONNECT, KNOWS];

/// A colleague, here or elsewhere.
#[derive(Clone, Debug)]
pub struct Acquaintance {
    pub account: AccountId,
    pub seat: SeatId,
    pub family: String,
    pub given: String,
    pub family_kana: String,
    pub given_kana: String,
    pub photo: Option<UploadId>,
    pub profession: Profession,
    pub facility: FacilityId,
    pub facility_name: String,
    pub vouched_at: Option<Ts>,
    /// Works where I work.
    pub own: bool,
}
columns!(Acquaintance: account, seat, family, given, family_kana, given_kana, photo, profession, facility,
    facility_name, vouched_at, own);

pub fn people(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Acquaintance>> {
    Ok(tx.all(PEOPLE, &[&account])?)
}

/// `low` is the smaller id.
pub fn connect(tx: &mut Tx, low: AccountId, high: AccountId) -> Outcome<()> {
    let now = tx.now();
    tx.exec(CONNECT, &[&low, &high, &now])?;
    Ok(())
}

pub fn knows(tx: &mut Tx, account: AccountId, other: AccountId) -> Outcome<bool> {
    Ok(tx.one::<(bool,)>(KNOWS, &[&account, &other])?.0)
}
