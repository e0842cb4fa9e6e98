//! Why a file is not taken.

use std::fmt;

/// Why a file is not taken. The words for people are said elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// There is nothing in it.
    Empty,
    /// More bytes than allowed.
    TooLarge,
    /// A photo in Apple's format that the page could not turn into a JPEG.
    HeicNotConverted,
    /// A drawing that can carry script.
    Svg,
    /// Word, Excel or PowerPoint before 2007, or something else in that container.
    OldOffice,
    /// An office document locked with a password: it cannot be looked through.
    Password,
    /// An office document with macros or controls.
    Macros,
    /// An office document that fetches a template or another part from elsewhere.
    ExternalTemplate,
    /// A packed file that would unpack to far more than it is.
    Bomb,
    /// None of the kinds that are taken.
    Unknown,
    /// Of a kind that is taken, but damaged.
    Broken,
    /// A picture was asked for.
    NotAnImage,
    /// An image of more pixels, or that needs more memory to open, than allowed.
    TooManyPixels,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty",
            Self::TooLarge => "the file is too large",
            Self::HeicNotConverted => "a HEIC photo that was not converted",
            Self::Svg => "an SVG drawing",
            Self::OldOffice => "a document in an old office format",
            Self::Password => "a document locked with a password",
            Self::Macros => "a document with macros",
            Self::ExternalTemplate => "a document that fetches a part from elsewhere",
            Self::Bomb => "a file that unpacks to far more than it is",
            Self::Unknown => "not a kind of file that is taken",
            Self::Broken => "a damaged file",
            Self::NotAnImage => "not an image",
            Self::TooManyPixels => "an image of too many pixels",
        })
    }
}

impl std::error::Error for Refusal {}
