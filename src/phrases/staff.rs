//! Sentences about staff, invitations, groups and their members.

/// What a page says once after something was done.
#[must_use]
pub fn done(code: &str) -> Option<&'static str> {
    Some(match code {
        "invitation_approved" => "承認しました。",
        "invitation_refused" => "招待を却下しました。",
        "invitation_cancelled" => "招待を取り消しました。",
        "invitation_declined" => "参加しないことを伝えました。",
        "joined" => "参加しました。",
        "facility_changed" => "施設の情報を変更しました。",
        "seat_admin_given" => "管理者にしました。",
        "seat_admin_taken" => "管理者から外しました。",
        "seat_ended" => {
            "スタッフから外しました。職場と、この職場から参加していたグループをすべて見られなくなりました。"
        }
        "own_seat_ended" => "この職場から退出しました。",
        "group_made" => "グループを作りました。メンバーを招待しましょう。",
        "group_changed" => "グループの情報を変更しました。",
        "member_appointed" => "グループ管理者にしました。",
        "member_dismissed" => "グループ管理者から外しました。",
        "member_removed" => "メンバーから外しました。",
        "member_left" => "グループから退出しました。",
        "member_added" => "メンバーに加わりました。",
        _ => return None,
    })
}

pub const STAFF: &str = "職場スタッフ";
pub const FACILITY: &str = "施設の情報";
pub const INVITE_STAFF: &str = "スタッフを招待";
pub const INVITE: &str = "招待";
pub const INVITE_CHECK: &str = "招待の確認";
pub const INVITE_SENT: &str = "招待を受け付けました";
pub const INVITATIONS: &str = "招待";
pub const INVITATION: &str = "招待の内容";
pub const ARRIVED: &str = "招待が届いています";
pub const APPROVALS: &str = "承認待ち";
pub const JOIN: &str = "参加の確認";
pub const DECLINE: &str = "参加しないことの確認";
pub const CONNECT: &str = "つながりの確認";
pub const CONNECTIONS: &str = "つながり";
pub const GROUPS: &str = "グループ";
pub const NEW_GROUP: &str = "グループを作成";
pub const EDIT_GROUP: &str = "グループの編集";
pub const MEMBERS: &str = "メンバー";
pub const REMOVE_MEMBER: &str = "メンバーから外す";
pub const LEAVE: &str = "グループから退出";
pub const ADD_ONESELF: &str = "自分をメンバーに加える";
pub const END_SEAT: &str = "スタッフから外す";
pub const END_OWN_SEAT: &str = "この職場から退出";
pub const JOINING: &str = "招待された方の登録";
pub const JOINING_CHECK: &str = "登録内容の確認";
pub const JOINED: &str = "登録が完了しました";
pub const BY_MAIL: &str = "メールで";

pub const EMAIL_SHAPE: &str = "メールアドレスの形ではありません。「名前@example.jp」のように入力してください";
pub const EMAIL_OWN: &str = "ご自身のアドレスです。招待する人のアドレスを入力してください";
pub const STAFF_ALREADY: &str = "この方は、すでに職場のスタッフです";
pub const MEMBER_ALREADY: &str = "この方は、すでにグループのメンバーです";
pub const EMAILS_MANY: &str =
    "一度に招待できるのは10人までです。残りの方は、このあとでもう一度招待してください";
pub const EMAIL_TWICE: &str = "同じアドレスが2回入っています。どちらかを消してください";
pub const MAILS_ENOUGH: &str =
    "このアドレスには、今日はもう招待のメールを送れません。明日もう一度お試しください";
pub const NOBODY_TYPED: &str = "招待する人のメールアドレスを1つ以上入力してください";
pub const NOBODY_PICKED: &str = "招待する人を1人以上選んでください";
pub const NOT_FIT: &str =
    "この患者さんの支援に関わるときだけ参加できます。関わらないときは「参加しない」を選んでください";
pub const CHOOSE_SEAT: &str = "どの職場の立場で参加するかを選んでください";

pub const FAMILY_MISSING: &str = "姓を入力してください";
pub const PROFESSION_MISSING: &str = "職種を選んでください";
pub const PASSWORDS_DIFFER: &str = "2つのパスワードが違います。同じものを入力してください";
pub const TERMS_MISSING: &str = "利用規約とプライバシーポリシーを読み、同意するときは印をつけてください";
pub const NAME_MISSING: &str = "グループの名前を入力してください";
pub const FACILITY_NAME_MISSING: &str = "施設名を入力してください";
pub const TYPE_MISSING: &str = "施設の種類を選んでください";
pub const POSTAL_CODE: &str = "郵便番号は7けたの数字で入力してください";
pub const PREFECTURE_MISSING: &str = "都道府県を入力してください";
pub const ADDRESS_MISSING: &str = "市区町村以下を入力してください";
pub const PHONE: &str = "電話番号は市外局番から数字で入力してください";
pub const PRIVATE_USE: &str = "外字は使えません。かなや別の漢字にしてください";

/// A field that is too long.
#[must_use]
pub fn too_long(most: usize) -> String {
    format!("{most}文字までにしてください")
}

/// The label of an address field.
#[must_use]
pub fn address(number: usize) -> String {
    format!("メールアドレス{number}")
}

/// So many invitations are left for today.
#[must_use]
pub fn left_today(left: i64) -> String {
    if left == 0 {
        "1日に送れる招待は50件までです。明日、もう一度お試しください。".to_owned()
    } else {
        format!("1日に送れる招待は50件までです。今日はあと{left}件です。人数を減らしてください。")
    }
}

tasuki_value::words! {
    /// Which of the people one shares a place with.
    pub View {
        Own = "own", "自施設";
        Others = "others", "他施設";
        Facilities = "facilities", "施設別";
    }
}
