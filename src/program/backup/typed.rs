//! What is typed for the verbs of copies.

use super::{Place, Rule, Wish};
use crate::phrases::program::HEADING_PLACE;
use clap::Args;

/// どこから
#[derive(Args)]
pub struct Origin {
    /// 控えの場所（フォルダか s3://バケット/名前）
    #[arg(long, value_name = "PLACE", required_unless_present = "from_copy", help_heading = HEADING_PLACE)]
    from: Option<String>,
    /// 継続コピー（TASUKI_COPY_TO）の場所
    #[arg(long, value_name = "PLACE", conflicts_with = "from", help_heading = HEADING_PLACE)]
    from_copy: Option<String>,
    /// 鍵の控えの場所（書かなければ PLACE.keys）
    #[arg(long, value_name = "PLACE", help_heading = HEADING_PLACE)]
    keys: Option<String>,
}

impl Origin {
    /// The place, and whether it is a continuous copy.
    #[must_use]
    pub fn place(&self) -> (Place, bool) {
        let text = self.from_copy.as_deref().or(self.from.as_deref()).unwrap_or_default();
        (Place::new(text, self.keys.as_deref()), self.from_copy.is_some())
    }
}

/// どの控えを残すか
#[derive(Args)]
pub struct Keep {
    /// 新しいほうから何日分を残すか（書かなければ7）
    #[arg(long, value_name = "N", help_heading = HEADING_PLACE)]
    keep_daily: Option<usize>,
    /// 何週分を残すか（書かなければ5）
    #[arg(long, value_name = "N", help_heading = HEADING_PLACE)]
    keep_weekly: Option<usize>,
    /// 何か月分を残すか（書かなければ12）
    #[arg(long, value_name = "N", help_heading = HEADING_PLACE)]
    keep_monthly: Option<usize>,
    /// 何も整理しない
    #[arg(
        long,
        conflicts_with_all = ["keep_daily", "keep_weekly", "keep_monthly", "prune"],
        help_heading = HEADING_PLACE
    )]
    keep_all: bool,
    /// 控えは取らず、整理だけする
    #[arg(long, help_heading = HEADING_PLACE)]
    prune: bool,
    /// この控えを、N日のあいだ書き換えも削除もできなくする（バケットではオブジェクトロック）
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..),
        help_heading = HEADING_PLACE
    )]
    lock_days: Option<u16>,
}

impl Keep {
    /// What it comes to.
    #[must_use]
    pub fn wish(&self) -> Wish {
        let usual = Rule::default();
        let rule = Rule {
            daily: self.keep_daily.unwrap_or(usual.daily),
            weekly: self.keep_weekly.unwrap_or(usual.weekly),
            monthly: self.keep_monthly.unwrap_or(usual.monthly),
        };
        let keep = (!self.keep_all).then_some(rule);
        Wish { keep, lock_days: self.lock_days, only_prune: self.prune }
    }
}
