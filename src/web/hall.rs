//! What every page tells the shell (`web/shell.html`) about itself and about the person who looks at it.

/// A page struct carries one as its field `hall`.
#[derive(Clone, Debug)]
pub struct Hall {
    /// The page's own name: the heading, and the window's title together with the network's.
    pub title: String,
    /// What the operator calls this installation.
    pub network: String,
    /// `None`: nobody is signed in; the public header is shown.
    pub person: Option<Person>,
    /// Which part of the house this page belongs to.
    pub tab: Tab,
    /// Where "back" leads and what it says: `(href, words)`.
    pub back: Option<(String, String)>,
    /// `"professional"` or `"patient"`: the colour of the side whose page this is.
    pub side: Option<&'static str>,
    /// The text size: `"m"`, `"l"` or `"xl"`.
    pub size: &'static str,
    /// Readings over the words we know.
    pub ruby: bool,
    /// Whether the four tabs are shown; patients and families have none.
    pub tabs: bool,
    /// What has just happened, said once after a redirect.
    pub notice: Option<String>,
    /// After how many minutes without a touch the page covers itself; 0: never.
    pub idle_minutes: u32,
    /// The person's own stream of news.
    pub live: Option<Live>,
}

/// The person who looks at the page.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Whose page this is: what covers itself is opened by this person alone.
    pub id: String,
    pub name: String,
    pub facility: Option<String>,
    /// Shows the entries for approvals.
    pub admin: bool,
    /// Invitations and approvals that wait for this person.
    pub waiting: i64,
    /// The approvals among them.
    pub approvals: i64,
    /// Unread posts in all places.
    pub unread: i64,
    /// Administers a workplace.
    pub office: bool,
    pub has_photo: bool,
    /// The name can be read.
    pub has_kana: bool,
    /// Wants to hear no more of what a profile lacks.
    pub hint_closed: bool,
}

/// The parts of the house that the tabs lead to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    Home,
    Patients,
    Groups,
    Connections,
    #[default]
    Other,
}

/// A stream the page listens to.
#[derive(Clone, Debug)]
pub struct Live {
    pub url: String,
}

/// What a house without a name of its own is called.
const NAME: &str = "Tasuki";
/// Without a touch the page covers itself, and soon after the session ends: on a PC, and in a hand.
const IDLE_PC: u32 = 15;
const IDLE_PHONE: u32 = 60;

impl Hall {
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            network: NAME.to_owned(),
            person: None,
            tab: Tab::Other,
            back: None,
            side: None,
            size: "m",
            ruby: false,
            tabs: true,
            notice: None,
            idle_minutes: 0,
            live: None,
        }
    }

    #[must_use]
    pub fn tab(mut self, tab: Tab) -> Self {
        self.tab = tab;
        self
    }

    #[must_use]
    pub fn back(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.back = Some((href.into(), words.into()));
        self
    }

    #[must_use]
    pub fn side(mut self, side: &'static str) -> Self {
        self.side = Some(side);
        self
    }

    #[must_use]
    pub fn person(mut self, person: Person) -> Self {
        self.person = Some(person);
        self
    }

    #[must_use]
    pub fn notice(mut self, words: impl Into<String>) -> Self {
        self.notice = Some(words.into());
        self
    }

    /// Says once what was done before the redirect that led here: `?done=CODE`.
    #[must_use]
    pub fn done(mut self, code: &str) -> Self {
        self.notice = crate::phrases::done(code).map(str::to_owned);
        self
    }

    #[must_use]
    pub fn without_tabs(mut self) -> Self {
        self.tabs = false;
        self
    }

    /// Whether the tabs stand on this page.
    pub fn shows_tabs(&self) -> bool {
        self.tabs && self.person.is_some()
    }

    /// The value of `aria-current` on a tab.
    pub fn current(&self, tab: Tab) -> &'static str {
        if self.tab == tab { "page" } else { "false" }
    }
}

/// The hall of a page that nobody needs to sign in for; the public header is shown.
#[must_use]
pub fn front(house: &crate::House, title: impl Into<String>) -> Hall {
    let mut hall = Hall::new(title);
    hall.network.clone_from(&house.config.name);
    hall
}

/// A hall that knows who looks: name, workplace, text size, what waits for them. Nobody gets the public header.
///
/// # Errors
/// When the database fails, or the account is gone.
pub fn hall(
    tx: &mut crate::Tx,
    who: &tasuki_law::nouns::Who,
    title: impl Into<String>,
) -> crate::Outcome<Hall> {
    hall_with(tx, who, title, None)
}

/// As [`hall`], for a page that may have summed up already what is unread.
///
/// # Errors
/// When the database fails, or the account is gone.
pub fn hall_with(
    tx: &mut crate::Tx,
    who: &tasuki_law::nouns::Who,
    title: impl Into<String>,
    unread: Option<i64>,
) -> crate::Outcome<Hall> {
    let mut hall = Hall::new(title);
    hall.network.clone_from(&tx.config().name);
    if let Some(person) = who.person() {
        let facts = super::store::person(tx, person, unread.is_none())?;
        hall.size = facts.size.code();
        hall.idle_minutes = if facts.phone { IDLE_PHONE } else { IDLE_PC };
        hall.person = Some(Person {
            id: person.account.to_string(),
            name: facts.name(),
            facility: facts.facility,
            admin: facts.office || facts.groups,
            office: facts.office,
            has_photo: facts.has_photo,
            has_kana: facts.has_kana,
            waiting: facts.received + facts.approvals,
            approvals: facts.approvals,
            unread: unread.unwrap_or(facts.unread),
            hint_closed: facts.hint_closed,
        });
        hall.live = Some(Live { url: "/events".to_owned() });
    }
    Ok(hall)
}

/// Unread posts in all places of a person.
///
/// # Errors
/// When the database fails.
pub fn unread(tx: &mut crate::Tx, account: tasuki_law::nouns::AccountId) -> crate::Outcome<i64> {
    super::store::unread(tx, account)
}

/// Invitations that wait for the person's answer, and those of others that wait for their approval.
///
/// # Errors
/// When the database fails.
pub fn waiting(tx: &mut crate::Tx, account: tasuki_law::nouns::AccountId) -> crate::Outcome<(i64, i64)> {
    super::store::waiting(tx, account)
}
