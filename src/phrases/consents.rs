//! What is said of consents.

pub const METHOD: &str = "同意の方法を選んでください";
pub const DAY: &str =
    "同意の日付が読み取れません。「令和8年11月20日」「R8.11.20」「2026/11/20」のように入力してください";
pub const DAY_TO_COME: &str = "同意の日付が今日より後になっています";
pub const SIGNER: &str = "だれから同意を得たかを選んでください";
pub const SIGNER_NAME: &str = "署名した人（同意した人）の名前を入力してください";
pub const RELATIONSHIP: &str = "続柄を選んでください";
pub const RELATIONSHIP_WORDS: &str = "続柄を言葉で入力してください";
pub const EXPLAINER: &str = "説明した人の名前を入力してください";
pub const EXPLAINER_FACILITY: &str = "説明した人の所属を入力してください";
pub const EXPLAINER_PHONE: &str = "説明した人の電話番号を、市外局番から入力してください";
pub const TIME: &str = "同意を聞いた時刻を入力してください（例: 14時ごろ）";
pub const HEARD_BY: &str = "同意を聞いた人の名前を入力してください";
pub const WITNESS: &str = "立ち会った人の名前を入力してください。いなければ「なし」と入力します";
pub const MEANS: &str = "同意の方法を言葉で入力してください";
pub const SCAN: &str = "同意書の控えは、写真（JPEG・PNG・WebP）かPDFを選んでください";
