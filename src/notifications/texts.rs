//! The letters. Each is a template whose first line is the subject.

use crate::House;
use crate::config::Support;
use crate::phrases;
use crate::{Outcome, Trouble};
use askama::Template;
use tasuki_base::text;
use tasuki_value::Ts;

/// What stands under every mail: who answers questions, and which sender to let through.
#[derive(Clone)]
pub struct Foot {
    pub network: String,
    pub support: Support,
    pub domain: String,
}

impl Foot {
    pub fn of(house: &House) -> Self {
        Self {
            network: house.config.name.clone(),
            support: house.config.support.clone(),
            domain: house.config.mail_domain().to_owned(),
        }
    }
}

macro_rules! letters {
    ($($(#[$doc:meta])* $name:ident $file:literal { $($field:ident: $type:ty),* })+) => {
        $($(#[$doc])*
        #[derive(Template)]
        #[template(path = $file)]
        pub struct $name<'a> {
            pub foot: &'a Foot,
            pub to: &'a str,
            pub link: &'a str,
            $(pub $field: $type,)*
        })+
    };
}

letters! {
    Registration "notifications/registration.txt" { until: String }
    AlreadyRegistered "notifications/already_registered.txt" {}
    Registered "notifications/registered.txt" {}
    PasswordReset "notifications/password_reset.txt" { until: String }
    PasswordChanged "notifications/password_changed.txt" { at: String }
    Invitation "notifications/invitation.txt" { until: Option<String>, offer: Offer<'a> }
    Approval "notifications/approval.txt" { offer: Offer<'a>, invited: &'a str }
    AskedOtherwise "notifications/asked_otherwise.txt" { offer: Offer<'a>, asker: &'a str, workplace: &'a str }
    NewPosts "notifications/new_posts.txt" {}
}

/// What an invitation offers, and who offers it. Never a group's or a patient's name.
pub struct Offer<'a> {
    pub inviter: &'a str,
    /// The inviter's workplace.
    pub facility: &'a str,
    pub vouched: bool,
    /// The workplace whose staff one would join.
    pub workplace: Option<&'a str>,
    /// The kind of group.
    pub group: &'static str,
}

/// Subject and text of a rendered letter.
pub fn parted(letter: &impl Template) -> Outcome<(String, String)> {
    let text = letter.render().map_err(Trouble::broken)?;
    let (subject, body) = text.split_once('\n').ok_or_else(|| Trouble::broken("a letter without a text"))?;
    Ok((subject.to_owned(), body.trim_start_matches('\n').to_owned()))
}

/// 「11月23日（月）9:00」.
pub fn moment(at: Ts) -> String {
    let date = text::local_date(at);
    phrases::mail::moment(date.month(), date.day(), text::weekday(date), &text::hour_minute(at))
}
