//! From a row to a struct or a tuple, column by column in the order of the SELECT.

use super::cell::Cell;
use super::error::{Error, Result};
use tasuki_value::Col;

/// One row of an answer.
pub struct Row<'r>(Of<'r>);

enum Of<'r> {
    Lite(&'r rusqlite::Row<'r>),
    Pg(&'r tokio_postgres::Row),
}

impl<'r> Row<'r> {
    pub(super) fn lite(row: &'r rusqlite::Row<'r>) -> Self {
        Self(Of::Lite(row))
    }

    pub(super) fn pg(row: &'r tokio_postgres::Row) -> Self {
        Self(Of::Pg(row))
    }

    /// The column of this number, from 0.
    ///
    /// # Errors
    /// [`Error::Column`] when there is none, or it does not fit `T`.
    pub fn get<T: Col>(&self, column: usize) -> Result<T> {
        let value = match self.0 {
            Of::Lite(row) => row.get_ref(column).ok().and_then(Cell::lite),
            Of::Pg(row) => row.try_get::<_, Cell<'_>>(column).ok().map(|cell| cell.0),
        };
        value.and_then(T::from_value).ok_or(Error::Column(column))
    }

    /// How many columns there are.
    #[must_use]
    pub fn width(&self) -> usize {
        match self.0 {
            Of::Lite(row) => row.as_ref().column_count(),
            Of::Pg(row) => row.len(),
        }
    }

    /// All columns, and nothing left over.
    ///
    /// # Errors
    /// [`Error::Column`] with the number of the first column that does not fit or is left over.
    pub fn whole<T: Part>(&self) -> Result<T> {
        let mut cells = self.cells();
        let read = cells.part()?;
        cells.end()?;
        Ok(read)
    }

    /// The columns one after the other.
    #[must_use]
    pub fn cells(&self) -> Cells<'_> {
        Cells { row: self, at: 0 }
    }
}

/// Walks along a row. See [`Row::cells`].
pub struct Cells<'r> {
    row: &'r Row<'r>,
    at: usize,
}

impl Cells<'_> {
    /// The next column.
    ///
    /// # Errors
    /// [`Error::Column`] when there is none, or it does not fit `T`.
    #[expect(clippy::should_implement_trait, reason = "each column has a type of its own")]
    pub fn next<T: Col>(&mut self) -> Result<T> {
        let value = self.row.get(self.at)?;
        self.at += 1;
        Ok(value)
    }

    /// The next columns, as many as `T` has.
    ///
    /// # Errors
    /// As [`Cells::next`].
    pub fn part<T: Part>(&mut self) -> Result<T> {
        T::read(self)
    }

    /// Nothing may be left: a SELECT that grew while its struct did not is a mistake.
    ///
    /// # Errors
    /// [`Error::Column`] with the number of the first column left over.
    pub fn end(self) -> Result<()> {
        if self.at == self.row.width() { Ok(()) } else { Err(Error::Column(self.at)) }
    }
}

/// What a row can be read as: see [`columns!`](crate::columns); tuples of up to twelve columns too.
pub trait FromRow: Sized {
    /// # Errors
    /// [`Error::Column`] where a column does not fit.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

/// Some columns of a row, where several things are asked in one SELECT: what [`columns!`](crate::columns) writes.
pub trait Part: Sized {
    /// # Errors
    /// As [`Cells::next`].
    fn read(cells: &mut Cells<'_>) -> Result<Self>;
}

/// Two things asked in one SELECT, the columns of one after those of the other.
pub struct Beside<A, B>(pub A, pub B);

impl<A: Part, B: Part> Part for Beside<A, B> {
    fn read(cells: &mut Cells<'_>) -> Result<Self> {
        Ok(Self(cells.part()?, cells.part()?))
    }
}

impl<A: Part, B: Part> FromRow for Beside<A, B> {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        row.whole()
    }
}

macro_rules! tuples {
    ($($($column:ident)+;)+) => {$(
        impl<$($column: Col),+> FromRow for ($($column,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                let mut cells = row.cells();
                let read = ($(cells.next::<$column>()?,)+);
                cells.end()?;
                Ok(read)
            }
        }
    )+};
}

tuples! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; A B C D E F G H I;
    A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
}

/// Reads rows into a struct: its fields in the order of the SELECT's columns, all of them.
///
/// ```
/// struct Post { seq: i64, body: String }
/// tasuki_base::columns!(Post: seq, body);
/// ```
#[macro_export]
macro_rules! columns {
    ($name:ident: $($field:ident),+ $(,)?) => {
        impl $crate::db::Part for $name {
            fn read(cells: &mut $crate::db::Cells<'_>) -> ::std::result::Result<Self, $crate::db::Error> {
                Ok(Self { $($field: cells.next()?),+ })
            }
        }

        impl $crate::db::FromRow for $name {
            fn from_row(row: &$crate::db::Row<'_>) -> ::std::result::Result<Self, $crate::db::Error> {
                row.whole()
            }
        }
    };
}
