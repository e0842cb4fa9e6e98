//! The kinds of files that are taken.

use std::str::FromStr;

use tasuki_value::{Bind, Col, Value};

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Jpeg,
    Png,
    WebP,
    Gif,
    Mp4,
    Mov,
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    /// Plain text and tables as text, in UTF-8 or Shift_JIS.
    Text,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Gif,
        Self::Mp4,
        Self::Mov,
        Self::Pdf,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Text,
    ];

    /// What goes into `Content-Type`.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            // No charset: the bytes are kept as they came, in one of two.
            Self::Text => "text/plain",
        }
    }

    /// The usual end of a file name, without the dot; it is what is stored, too.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Text => "txt",
        }
    }

    /// Whether a file name ending in `extension` (any case, without the dot) is at home here; a name that
    /// is not should get [`Kind::extension`] put behind it.
    #[must_use]
    pub fn allows(self, extension: &str) -> bool {
        let others: &[&str] = match self {
            Self::Jpeg => &["jpeg"],
            Self::Mp4 => &["m4v", "3gp", "3g2"],
            Self::Mov => &["qt"],
            Self::Text => &["csv", "tsv", "md", "log"],
            _ => &[],
        };
        let extension = extension.to_ascii_lowercase();
        extension == self.extension() || others.contains(&extension.as_str())
    }

    /// Goes through [`crate::images::make_safe`].
    #[must_use]
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::WebP | Self::Gif)
    }

    /// Goes through [`crate::files::blank_locations`].
    #[must_use]
    pub const fn is_film(self) -> bool {
        matches!(self, Self::Mp4 | Self::Mov)
    }

    /// Whether a browser may show it in the page; all else is served as an attachment.
    #[must_use]
    pub const fn shows_inline(self) -> bool {
        self.is_image() || self.is_film()
    }
}

impl FromStr for Kind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|kind| kind.extension() == text).ok_or("not a kind of file")
    }
}

impl Bind for Kind {
    fn value(&self) -> Value<'_> {
        Value::Text(self.extension())
    }
}

impl Col for Kind {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}
