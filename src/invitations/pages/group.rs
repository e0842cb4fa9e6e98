//! An invitation to a group: people one knows or addresses, confirmation, sent.

use crate::accounts::{self, Known};
use crate::connections::{self, Acquaintance, Section, View};
use crate::invitations::draft::{Address, Draft, Field, Way};
use crate::invitations::{Invitee, actions, here, mails, view};
use crate::phrases::staff as words;
use crate::web::hall::hall;
use crate::web::{At, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Tx, groups};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_base::text;
use tasuki_law::Key;
use tasuki_law::nouns::{AccountId, GroupId, InvitationState, Who};
use tasuki_law::rules::group::InviteMember;

/// What stands on every page of this way.
pub(super) struct About {
    pub group: GroupId,
    pub name: String,
    pub needs_approval: bool,
    /// Other workplaces are told only once the consent is on record.
    pub awaits_consent: bool,
}

fn about(tx: &mut Tx, key: &Key<'_, InviteMember>) -> Outcome<About> {
    let place = groups::place(tx, key.group)?;
    Ok(About {
        group: key.group,
        name: place.title.name,
        needs_approval: key.needs_approval,
        awaits_consent: key.awaits_consent,
    })
}

#[derive(Template)]
#[template(path = "invitations/group_new.html")]
struct NewPage {
    hall: Hall,
    about: About,
    /// (code, words, is it in front) of every way of inviting.
    ways: Vec<(&'static str, &'static str, bool)>,
    way: &'static str,
    mail: bool,
    sections: Vec<Section>,
    /// Nobody at all can be picked, whatever was typed.
    nobody: bool,
    /// Picked, and not among those shown now.
    aside: Vec<Acquaintance>,
    fields: Vec<Field>,
    draft: Draft,
}

impl NewPage {
    fn has(&self, person: &AccountId) -> bool {
        self.draft.people.contains(person)
    }
}

const fn code(way: Way) -> &'static str {
    match way {
        Way::Known(view) => view.code(),
        Way::Mail => "mail",
    }
}

fn fresh(tx: &mut Tx, who: &Who, group: GroupId, draft: Draft) -> Outcome<NewPage> {
    let key = groups::access::to_invite(tx, who, group)?;
    let about = about(tx, &key)?;
    let people = view::candidates(tx, key.account, group)?;
    let nobody = people.is_empty();
    let sections = match draft.way {
        Way::Known(view) => connections::sections(people.clone(), view, &draft.typed),
        Way::Mail => Vec::new(),
    };
    let shown =
        |person: &Acquaintance| sections.iter().flat_map(|s| &s.people).any(|p| p.account == person.account);
    let aside = people.iter().filter(|p| draft.people.contains(&p.account) && !shown(p)).cloned().collect();
    let front = code(draft.way);
    let mut ways: Vec<_> =
        View::ALL.iter().map(|view| (view.code(), view.word(), view.code() == front)).collect();
    ways.push(("mail", words::BY_MAIL, front == "mail"));
    Ok(NewPage {
        hall: hall(tx, who, words::INVITE)?.back(format!("/groups/{group}/members"), words::MEMBERS),
        about,
        ways,
        way: front,
        mail: draft.way == Way::Mail,
        sections,
        nobody,
        aside,
        fields: draft.fields(),
        draft,
    })
}

/// `GET /groups/{group}/invitations/new`
pub async fn new(Known(who): Known, house: House, At(group): At<GroupId>, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let draft = Draft::read(&query);
    page(&house.read(move |tx| fresh(tx, &who, group, draft.clone())).await?)
}

/// `POST /groups/{group}/invitations/new`: another view of the same choice.
pub async fn again(Known(who): Known, house: House, At(group): At<GroupId>, form: Form) -> Page {
    page(&house.read(move |tx| fresh(tx, &who, group, Draft::read(&form))).await?)
}

#[derive(Template)]
#[template(path = "invitations/group_check.html")]
struct CheckPage {
    hall: Hall,
    about: About,
    people: Vec<Acquaintance>,
    addresses: Vec<Address>,
    count: usize,
}

enum Checked {
    Fine(Box<CheckPage>),
    Wrong(Box<NewPage>),
}

fn check(tx: &mut Tx, who: &Who, group: GroupId, form: &Form) -> Outcome<Checked> {
    let key = groups::access::to_invite(tx, who, group)?;
    let mut draft = Draft::read(form);
    let known = view::candidates(tx, key.account, group)?;
    // Whoever became a member meanwhile is not invited any more; whoever one does not know never was.
    draft.people.retain(|person| known.iter().any(|k| k.account == *person));
    draft.check(&text::email_key(&accounts::email(tx, key.account)?));
    if draft.errors.is_empty() {
        here::judge(tx, &mut draft, here::Place::Group(group))?;
    }
    if draft.errors.is_empty() {
        mails::judge(tx, &mut draft, key.seat)?;
    }
    let left = actions::left_today(tx, key.seat)?;
    if draft.errors.is_empty() && usize::try_from(left).unwrap_or(0) < draft.len() {
        draft.errors.add("", words::left_today(left));
    }
    if !draft.errors.is_empty() {
        draft.show_mistakes();
        return Ok(Checked::Wrong(Box::new(fresh(tx, who, group, draft)?)));
    }
    let people: Vec<_> = known.into_iter().filter(|k| draft.people.contains(&k.account)).collect();
    Ok(Checked::Fine(Box::new(CheckPage {
        hall: hall(tx, who, words::INVITE_CHECK)?,
        about: about(tx, &key)?,
        people,
        addresses: draft.addresses(),
        count: draft.len(),
    })))
}

/// `POST /groups/{group}/invitations/new/confirmation`
pub async fn confirm(Known(who): Known, house: House, At(group): At<GroupId>, form: Form) -> Page {
    match house.read(move |tx| check(tx, &who, group, &form)).await? {
        Checked::Fine(shown) => page(&*shown),
        Checked::Wrong(shown) => try_again(&*shown),
    }
}

enum Sent {
    All(String),
    Wrong(Box<NewPage>),
}

/// `POST /groups/{group}/invitations/new/sent`
pub async fn send(Known(who): Known, house: House, At(group): At<GroupId>, form: Form) -> Page {
    let sent = house
        .write(move |tx| {
            groups::actions::lock(tx, group)?;
            let checked = match check(tx, &who, group, &form)? {
                Checked::Wrong(shown) => return Ok(Sent::Wrong(shown)),
                Checked::Fine(checked) => checked,
            };
            let key = groups::access::to_invite(tx, &who, group)?;
            let people = checked.people.iter().map(|person| Invitee::Person(person.account));
            let addresses = checked.addresses.iter().map(|address| Invitee::Mail(address.email.clone()));
            let mut outcomes = Outcomes::default();
            for invitee in people.chain(addresses) {
                outcomes.count(actions::invite_member(tx, &key, &invitee)?.state);
            }
            Ok(Sent::All(format!("/groups/{group}/invitations/new/sent?{}", outcomes.query())))
        })
        .await?;
    match sent {
        Sent::All(url) => see_other(url),
        Sent::Wrong(shown) => try_again(&*shown),
    }
}

/// How many of the invitations went which way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outcomes {
    pub told: u32,
    pub approval: u32,
    pub consent: u32,
    pub added: u32,
}

impl Outcomes {
    pub fn count(&mut self, state: InvitationState) {
        match state {
            InvitationState::AwaitingAdminApproval => self.approval += 1,
            InvitationState::AwaitingConsent => self.consent += 1,
            InvitationState::Accepted => self.added += 1,
            _ => self.told += 1,
        }
    }

    pub fn query(self) -> String {
        let Self { told, approval, consent, added } = self;
        format!("told={told}&approval={approval}&consent={consent}&added={added}")
    }

    pub fn read(query: &Form) -> Self {
        let number = |name| query.pick(name).unwrap_or(0);
        Self {
            told: number("told"),
            approval: number("approval"),
            consent: number("consent"),
            added: number("added"),
        }
    }

    /// The page was opened by itself: nothing was sent on the way to it.
    pub fn none(self) -> bool {
        [self.told, self.approval, self.consent, self.added] == [0; 4]
    }

    pub fn title(self) -> &'static str {
        if self.none() { words::INVITE } else { words::INVITE_SENT }
    }
}

#[derive(Template)]
#[template(path = "invitations/sent_all.html")]
pub(super) struct SentAll {
    pub hall: Hall,
    pub outcomes: Outcomes,
    pub back: String,
    /// To the staff, not to a group.
    pub staff: bool,
}

/// `GET /groups/{group}/invitations/new/sent`
pub async fn sent(
    Known(who): Known,
    house: House,
    At(group): At<GroupId>,
    RawQuery(query): RawQuery,
) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house
        .read(move |tx| {
            groups::access::to_see_members(tx, &who, group)?;
            let outcomes = Outcomes::read(&query);
            Ok(SentAll {
                hall: hall(tx, &who, outcomes.title())?,
                outcomes,
                back: format!("/groups/{group}/members"),
                staff: false,
            })
        })
        .await?;
    page(&shown)
}

/// `GET` of a step that only a form leads to.
pub async fn from_the_start(At(group): At<GroupId>) -> Page {
    see_other(format!("/groups/{group}/invitations/new"))
}
