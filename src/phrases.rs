//! Every Japanese sentence that is not in a template. です・ます, no blame; an error says what to do next.

use tasuki_law::Why;

pub const SIGN_IN_FIRST: (&str, &str) =
    ("ログインしてください", "このページを見るにはログインが必要です。");
pub const UNSEEN: (&str, &str) = (
    "ページが見つかりません",
    "アドレスが間違っているか、見ることができないページです。ホームに戻ってお探しください。",
);
pub const REFUSED: &str = "この操作はできません";
pub const MALFORMED: (&str, &str) =
    ("送信できませんでした", "前のページに戻り、読み込み直してからもう一度お試しください。");
pub const TOO_MANY: (&str, &str) =
    ("少し時間をおいてください", "短い時間に何度も送信されました。10分ほどたってからもう一度お試しください。");
pub const BUSY: (&str, &str) =
    ("混み合っています", "いま混み合っています。少し待ってから、もう一度お試しください。");
pub const BROKEN: (&str, &str) = (
    "うまくいきませんでした",
    "こちらの不具合でページを表示できませんでした。少し待ってからもう一度お試しください。続くときはお問い合わせください。",
);

/// Why the law said no, to somebody who may know.
#[must_use]
pub const fn why(why: Why) -> &'static str {
    match why {
        Why::NoConsent => "患者さんの同意がまだ記録されていません。連携元の施設が同意を記録すると使えるようになります。",
        Why::ConsentWithdrawn => "患者さんの同意が撤回されたため、利用を止めています。",
        Why::GroupClosed => "このグループは終了しています。",
        Why::NotFacilityAdmin => "施設の管理者だけができる操作です。管理者にご相談ください。",
        Why::NotGroupAdmin => "このグループの管理者だけができる操作です。管理者にご相談ください。",
        Why::NotOriginating => "連携元の施設のスタッフだけができる操作です。",
        Why::FactsNotOpened => "患者さんの情報を直せるのは、いまは連携元の施設だけです。",
        Why::LastAdmin => "管理者がいなくなってしまいます。先に、ほかの人を管理者にしてください。",
        Why::FollowsStaff => "職場のグループのメンバーは、スタッフの一覧と同じです。スタッフの画面から変更してください。",
        Why::ProfessionalsOnly => "医療・介護従事者だけが参加できます。",
        Why::NotAuthor => "投稿した人だけができる操作です。",
        Why::AlreadyRemoved => "この投稿はすでに取り消されています。",
        Why::AlreadyDecided => "すでに手続きが済んでいます。",
        Why::Expired => "期限が過ぎています。もう一度招待を頼んでください。",
        Why::NeedsSeat => "先に職場の登録が必要です。勤め先を登録するか、職場の招待に参加してください。",
        Why::NotOneself => "自分自身にはできない操作です。",
        Why::AlreadyMember => "すでに参加しています。",
    }
}
