//! Teaches both drivers to carry a [`Value`]; strict, so that what one engine would bend the other refuses alike.

use bytes::{BufMut, BytesMut};
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::error::Error as StdError;
use std::fmt;
use tasuki_value::Value;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

/// A value on its way into or out of a driver.
pub(super) struct Cell<'a>(pub Value<'a>);

impl fmt::Debug for Cell<'_> {
    /// The driver writes arguments into its own log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<'a> Cell<'a> {
    /// What SQLite holds in this place; `None` for a text that is not UTF-8.
    pub fn lite(held: ValueRef<'a>) -> Option<Value<'a>> {
        Some(match held {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Int(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(std::str::from_utf8(text).ok()?),
            ValueRef::Blob(bytes) => Value::Bytes(bytes),
        })
    }
}

impl rusqlite::ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Int(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Value::Real(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Value::Bool(yes) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*yes))),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Uuid(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
        })
    }
}

type Refused = Box<dyn StdError + Sync + Send>;

fn is_text(ty: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::UNKNOWN, Type::JSON].contains(ty)
}

impl ToSql for Cell<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Refused> {
        match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(number) if *ty == Type::INT8 => out.put_i64(number),
            Value::Real(number) if *ty == Type::FLOAT8 => out.put_f64(number),
            Value::Bool(yes) if *ty == Type::BOOL => out.put_u8(u8::from(yes)),
            Value::Text(text) if is_text(ty) => out.put_slice(text.as_bytes()),
            Value::Text(text) if *ty == Type::JSONB => {
                // The version of the binary form, then the text.
                out.put_u8(1);
                out.put_slice(text.as_bytes());
            }
            Value::Bytes(bytes) if *ty == Type::BYTEA => out.put_slice(bytes),
            Value::Uuid(id) if *ty == Type::UUID => out.put_slice(id.as_bytes()),
            _ => {
                return Err(
                    format!("the statement wants {ty} here: another type, or a CAST, is missing").into()
                );
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Refused> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::FLOAT8 => Value::Real(f64::from_be_bytes(raw.try_into()?)),
            Type::BOOL => Value::Bool(raw == [1]),
            Type::BYTEA => Value::Bytes(raw),
            Type::UUID => Value::Uuid(Uuid::from_slice(raw)?),
            Type::JSONB => Value::Text(std::str::from_utf8(raw.get(1..).unwrap_or_default())?),
            _ => Value::Text(std::str::from_utf8(raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Refused> {
        Ok(Self(Value::Null))
    }

    /// A bare `INTEGER` or `NUMERIC` is refused: SQLite would not tell it from a `BIGINT`, so the statement must.
    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::FLOAT8, Type::BOOL, Type::BYTEA, Type::UUID, Type::JSONB].contains(ty)
            || is_text(ty)
    }
}
