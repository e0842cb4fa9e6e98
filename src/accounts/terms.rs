//! Which terms of use and privacy policy a person agrees to: the text is `front/terms.html` and
//! `front/privacy.html`, and this number rises when one of them changes in substance.

/// The version that new people agree to.
pub const TERMS_VERSION: &str = "1";
