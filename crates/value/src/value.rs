use uuid::Uuid;

/// One cell on its way into or out of a database.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(&'a str),
    Bytes(&'a [u8]),
    Uuid(Uuid),
}

/// What can be bound to a `$n` placeholder.
pub trait Bind {
    fn value(&self) -> Value<'_>;
}

/// What can be read from a column. `None` says that the value does not fit the type.
pub trait Col: Sized {
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl<T: Bind + ?Sized> Bind for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: Bind> Bind for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Bind::value)
    }
}

impl<T: Col> Col for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

macro_rules! plain {
    ($($type:ty, $bind:expr, $($from:pat => $to:expr),+;)+) => {$(
        impl Bind for $type {
            fn value(&self) -> Value<'_> {
                let bind: fn(&$type) -> Value<'_> = $bind;
                bind(self)
            }
        }
        impl Col for $type {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    $($from => $to,)+
                    _ => None,
                }
            }
        }
    )+};
}

plain! {
    i64, |v| Value::Int(*v), Value::Int(i) => Some(i);
    f64, |v| Value::Real(*v), Value::Real(r) => Some(r);
    // SQLite has no boolean of its own: it hands back 0 and 1.
    bool, |v| Value::Bool(*v), Value::Bool(b) => Some(b), Value::Int(i) => Some(i != 0);
    String, |v| Value::Text(v), Value::Text(t) => Some(t.to_owned());
    Vec<u8>, |v| Value::Bytes(v), Value::Bytes(b) => Some(b.to_vec());
    // … nor a UUID: sixteen bytes.
    Uuid, |v| Value::Uuid(*v), Value::Uuid(u) => Some(u), Value::Bytes(b) => Uuid::from_slice(b).ok();
}

impl Bind for str {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for [u8] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}
