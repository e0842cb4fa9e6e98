//! The front door: titles.

pub const TOUR: &str = "はじめに";
pub const LANDING: &str = "在宅の医療と介護を、ひとつのたすきで";
pub const ABOUT: &str = "サービス紹介";
pub const GUIDE: &str = "使い方";
pub const CONTACT: &str = "お問い合わせ";
pub const TERMS: &str = "利用規約";
pub const PRIVACY: &str = "プライバシーポリシー";
pub const ACCESSIBILITY: &str = "アクセシビリティ";
pub const POSTER: &str = "新規登録のQRコード";
