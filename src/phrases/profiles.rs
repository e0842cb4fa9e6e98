//! Profiles.

pub const PROFILE: &str = "プロフィール";
pub const CONNECTIONS: &str = "つながり";
pub const FAMILY_MISSING: &str = "姓を入力してください";
pub const PROFESSION_MISSING: &str = "職種を選んでください";
pub const NO_PHOTO: &str = "写真を選んでから、もう一度押してください";
pub const PRIVATE_USE: &str = "外字は使えません。近い漢字で入力してください";

/// More characters than fit.
#[must_use]
pub fn too_long(longest: usize) -> String {
    format!("{longest}文字までにしてください")
}
