//! Every limit of the rooms about people, in one table: how many, in what time, and why so many.

use tasuki_value::{DAY, HOUR, MINUTE};

/// So many tries of one kind by one of somebody, in a window that begins with the first.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What is counted together: each line has its own, but for two that are steps of one stair.
    pub bucket: &'static str,
    pub most: i64,
    pub window: i64,
}

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident $bucket:literal $most:literal in $window:expr;)+) => {
        $($(#[$doc])* pub const $name: Limit = Limit { bucket: $bucket, most: $most, window: $window };)+

        /// Every line of the table.
        pub const ALL: &[&Limit] = &[$(&$name),+];
    };
}

// Wrong passwords. A right one is counted nowhere.
limits! {
    /// By a browser that opened this account before: its owner's own mistakes.
    DEVICE "sign_in_device" 10 in 15 * MINUTE;
    /// The same over a day: what a stolen phone is good for.
    DEVICE_A_DAY "sign_in_device_day" 50 in DAY;
    /// For one account from one place, by browsers nobody knows.
    PAIR "sign_in" 10 in 15 * MINUTE;
    /// For one account from everywhere, by browsers nobody knows: after it each place has few tries.
    ACCOUNT "sign_in_account" 50 in 15 * MINUTE;
    /// Counted with it, and after it none.
    ACCOUNT_SHUT "sign_in_account" 300 in 15 * MINUTE;
    /// For all accounts from one place, by browsers nobody knows: a whole hospital shares one address. After it each
    /// account has few tries there.
    PLACE "sign_in_place" 300 in 15 * MINUTE;
    /// Counted with it, and after it none.
    PLACE_SHUT "sign_in_place" 3000 in 15 * MINUTE;
    /// The few tries, where an account or a place is under attack: enough for who knows the password.
    FEW "sign_in_few" 2 in 15 * MINUTE;
    /// That an account was tried too often is told once in a while.
    HELD "sign_in_held" 1 in 15 * MINUTE;
    /// One's own password, asked again in a session: counted by session, or a stolen one would shut out its owner.
    OWN_PASSWORD "own_password" 10 in 15 * MINUTE;

    // What costs the house work, from one place: high, since whoever shares the place shares it.
    /// Forms begun: a hospital may register a whole room of people at once.
    BEGUN "register" 300 in HOUR;
    /// Looking for a workplace, by one form.
    SEARCHES "workplace_search" 60 in 10 * MINUTE;
    /// The same from one place: twenty people beside each other.
    SEARCHES_HERE "workplace_search_place" 1200 in 10 * MINUTE;
    REGISTRATIONS_HERE "register_mails" 200 in HOUR;
    RENEWALS_HERE "register_renewals" 200 in HOUR;
    /// New passwords asked for. After it each address may still be asked for few times there.
    RESETS_HERE "reset_place" 300 in HOUR;
    /// Counted with it, and after it none.
    RESETS_HERE_SHUT "reset_place" 3000 in HOUR;
    RESETS_FEW "reset_few" 2 in HOUR;
    /// Passwords weighed for one person or behind one mailed link: guessing at them costs, whether they are taken or not.
    WEIGHED "weighed" 30 in 15 * MINUTE;
    /// Passwords set behind one mailed link: hashing costs, and only who holds the link can use it up.
    LINK "link" 20 in HOUR;

    // Mails to one address, whether it has an account or not, whoever asks. What went out already opens the way in,
    // so that a stranger who uses these up has sent the owner all they need.
    /// New passwords. A link lives an hour: one of these five is always good.
    RESETS "reset" 5 in HOUR;
    /// After so many on one day one an hour is left, which opens the way in for just as long.
    RESETS_A_DAY "reset_day" 10 in DAY;
    RESETS_SLOW "reset_slow" 1 in HOUR;
    /// Registrations, first and again.
    REGISTRATIONS "register_mail" 5 in HOUR;
    REGISTRATIONS_A_DAY "register_mail_day" 10 in DAY;
    /// Invitations by one member: five groups and the workplace on one day, and some again.
    INVITED_BY_ONE "invited_by_one" 10 in DAY;
    /// Invitations by all of one workplace.
    INVITED_BY_PLACE "invited_by_place" 15 in DAY;
    /// Invitations by everybody.
    INVITED "invited" 20 in DAY;
    /// A new link for one that ran out, asked by whoever holds the old one.
    INVITED_AGAIN "invited_again" 3 in DAY;

    // Mails to a person about what waits in the house, where the front page shows it as well.
    /// An invitation waits for approval, by one inviter.
    APPROVALS_BY_ONE "approvals_by_one" 5 in DAY;
    APPROVALS "approvals" 20 in DAY;
    /// What the person did themselves: the account, the password.
    OWN_ACTS "own_acts" 20 in DAY;
}
