//! Registration: what is wrong with a field, and titles.

pub const REGISTER: &str = "新規登録";
pub const FIRST_QUESTION: &str = "最初の質問";
pub const WORKPLACE_QUESTION: &str = "勤め先の質問";
pub const FACILITY_STEP: &str = "施設情報入力";
pub const REGISTERED_HALF: &str = "仮登録";
pub const REGISTERED: &str = "登録完了";
pub const CHOOSE_ONE: &str = "どちらかを選んでください";
pub const SHARED_ADDRESS: &str =
    "何人かで使うアドレスのようです。あなただけが読むアドレスに変えるか、下の欄で確認してください";
pub const FAMILY_MISSING: &str = "姓を入力してください";
pub const PROFESSION_MISSING: &str = "専門家種別を選んでください";
pub const KANA_ONLY: &str = "ふりがなは、ひらがなで入力してください";
pub const FACILITY_MISSING: &str = "施設名を入力してください";
pub const POSTAL_CODE_WRONG: &str = "郵便番号を7けたの数字で入力してください。例: 700-0835";
pub const POSTAL_CODE_UNKNOWN: &str = "この郵便番号は見つかりません。住所を入力してください";
pub const PREFECTURE_MISSING: &str = "都道府県を選んでください";
pub const ADDRESS_MISSING: &str = "市区町村と番地を入力してください";
pub const PHONE_WRONG: &str = "電話番号を10けたか11けたの数字で入力してください。例: 086-000-0000";
pub const KIND_MISSING: &str = "施設の種類を選んでください";
pub const AGREE_FIRST: &str =
    "利用規約とプライバシーポリシーをお読みになり、同意する場合は欄を選んでください";
pub const MAILS_SENT: &str = "このアドレスには、いまはこれ以上メールを送れません。すでに届いているメールのリンクをお使いください。届いていないときは、アドレスを確かめて、明日もう一度お試しください。";
pub const PRIVATE_USE: &str = "外字は使えません。近い漢字で入力してください";

/// More characters than fit.
#[must_use]
pub fn too_long(longest: usize) -> String {
    format!("{longest}文字までにしてください")
}
