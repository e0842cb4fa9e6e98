//! Whole tables out of one engine and into the other: for backups, which know no engine.

use super::error::{Error, Result};
use super::tx::Tx;
use super::{Engine, Row};
use tasuki_value::{Bind, Col, Value};
use uuid::Uuid;

/// A value that stands on its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Owned {
    Null,
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
    Uuid(Uuid),
}

impl Col for Owned {
    fn from_value(value: Value<'_>) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Int(number) => Self::Int(number),
            Value::Real(number) => Self::Real(number),
            Value::Bool(yes) => Self::Bool(yes),
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            Value::Uuid(id) => Self::Uuid(id),
        })
    }
}

impl Bind for Owned {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Int(number) => Value::Int(*number),
            Self::Real(number) => Value::Real(*number),
            Self::Bool(yes) => Value::Bool(*yes),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(bytes),
            Self::Uuid(id) => Value::Uuid(*id),
        }
    }
}

impl Owned {
    /// What a column declared as `BOOLEAN` or `UUID` means: SQLite keeps a number or a blob there.
    fn meant(self, kind: &str) -> Self {
        match (self, kind) {
            (Self::Int(number), "BOOLEAN") => Self::Bool(number != 0),
            (Self::Bytes(bytes), "UUID") => Uuid::from_slice(&bytes).map_or(Self::Bytes(bytes), Self::Uuid),
            (other, _) => other,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut piece = |tag: u8, bytes: &[u8]| {
            out.push(tag);
            out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        match self {
            Self::Null => piece(0, &[]),
            Self::Int(number) => piece(1, &number.to_be_bytes()),
            Self::Real(number) => piece(2, &number.to_bits().to_be_bytes()),
            Self::Bool(yes) => piece(3, &[u8::from(*yes)]),
            Self::Text(text) => piece(4, text.as_bytes()),
            Self::Bytes(bytes) => piece(5, bytes),
            Self::Uuid(id) => piece(6, id.as_bytes()),
        }
    }

    /// The value at the beginning, and what comes after it.
    fn read(from: &[u8]) -> Option<(Self, &[u8])> {
        let (tag, rest) = from.split_first()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (bytes, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let value = match tag {
            0 => Self::Null,
            1 => Self::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
            2 => Self::Real(f64::from_bits(u64::from_be_bytes(bytes.try_into().ok()?))),
            3 => Self::Bool(*bytes.first()? != 0),
            4 => Self::Text(String::from_utf8(bytes.to_vec()).ok()?),
            5 => Self::Bytes(bytes.to_vec()),
            6 => Self::Uuid(Uuid::from_slice(bytes).ok()?),
            _ => return None,
        };
        Some((value, rest))
    }
}

/// A table's name and its columns in their order.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// As declared; SQLite alone needs them.
    kinds: Vec<String>,
}

const LITE_COLUMNS: &str = "SELECT name, type FROM pragma_table_info($1) ORDER BY cid";
const PG_COLUMNS: &str = "SELECT CAST(column_name AS TEXT), '' FROM information_schema.columns
  WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";

impl Table {
    /// As it stands in this database.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn find(tx: &mut Tx<'_>, name: &str) -> Result<Self> {
        let sql = if tx.engine() == Engine::Lite { LITE_COLUMNS } else { PG_COLUMNS };
        let columns: Vec<(String, String)> = tx.all(sql, &[&name])?;
        if columns.is_empty() {
            return Err(Error::NotFound);
        }
        let (columns, kinds) = columns.into_iter().unzip();
        Ok(Self { name: name.to_owned(), columns, kinds })
    }

    /// Every row, one after the other; the order is the engine's own.
    ///
    /// # Errors
    /// The database's, and those of `each`.
    pub fn pour(&self, tx: &mut Tx<'_>, each: &mut dyn FnMut(Vec<Owned>) -> Result<()>) -> Result<()> {
        let sql = format!("SELECT {} FROM {}", self.columns.join(", "), self.name);
        tx.stream(&sql, &mut |row: &Row<'_>| {
            let mut cells = row.cells();
            let kinds = self.kinds.iter().map(String::as_str);
            let values = kinds.map(|kind| Ok(cells.next::<Owned>()?.meant(kind))).collect::<Result<_>>()?;
            each(values)
        })
    }

    /// Puts rows in.
    ///
    /// # Errors
    /// The database's.
    pub fn fill(&self, tx: &mut Tx<'_>, rows: &[Vec<Owned>]) -> Result<()> {
        let places: Vec<String> = (1..=self.columns.len()).map(|number| format!("${number}")).collect();
        let sql =
            format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.columns.join(", "), places.join(", "));
        // Once for each table of a restore.
        let sql: &'static str = intern(sql);
        for row in rows {
            let values: Vec<&dyn Bind> = row.iter().map(|value| value as &dyn Bind).collect();
            tx.exec(sql, &values)?;
        }
        Ok(())
    }
}

/// Statements are constants everywhere else; here each is kept once for the life of the program.
fn intern(sql: String) -> &'static str {
    use std::collections::HashSet;
    use std::sync::{Mutex, PoisonError};
    static KNOWN: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(sql) = known.get(sql.as_str()) {
        return sql;
    }
    let sql: &'static str = Box::leak(sql.into_boxed_str());
    known.insert(sql);
    sql
}

/// A row as bytes: each value behind its kind and its length.
#[must_use]
pub fn to_bytes(row: &[Owned]) -> Vec<u8> {
    let mut bytes = Vec::new();
    row.iter().for_each(|value| value.write(&mut bytes));
    bytes
}

/// Rows of so many columns back from bytes; `None` when they are not that.
#[must_use]
pub fn from_bytes(mut bytes: &[u8], columns: usize) -> Option<Vec<Vec<Owned>>> {
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let mut row = Vec::with_capacity(columns);
        for _ in 0..columns {
            let (value, rest) = Owned::read(bytes)?;
            row.push(value);
            bytes = rest;
        }
        rows.push(row);
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::{Owned, from_bytes, to_bytes};
    use uuid::Uuid;

    #[test]
    fn rows_come_back_as_they_went() {
        let row = vec![
            Owned::Null,
            Owned::Int(-7),
            Owned::Real(36.5),
            Owned::Bool(true),
            Owned::Text("訪問".to_owned()),
            Owned::Bytes(vec![0, 255]),
            Owned::Uuid(Uuid::from_u128(7)),
        ];
        let bytes: Vec<u8> = [to_bytes(&row), to_bytes(&row)].concat();
        assert_eq!(from_bytes(&bytes, row.len()), Some(vec![row.clone(), row]));
        assert_eq!(from_bytes(&bytes[..bytes.len() - 1], 7), None);
    }
}
