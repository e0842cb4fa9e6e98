//! A QR code as a drawing.

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Light modules that a reader needs on each side.
const QUIET: usize = 4;

/// A code to draw: a light square of `side` with the dark `path` on it.
pub struct Qr {
    /// Modules of one side, with the quiet zone.
    pub side: usize,
    /// The dark modules as an SVG path.
    pub path: String,
}

impl Qr {
    /// # Errors
    /// When the text is too long.
    pub fn of(text: &str) -> Result<Self, QrError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        Ok(Self { side: code.width() + 2 * QUIET, path })
    }
}
