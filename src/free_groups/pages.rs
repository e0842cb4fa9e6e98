//! The list of my groups, a new one, its name and details.

use super::{actions, store};
use crate::accounts::Known;
use crate::house::Look;
use crate::phrases::{self, staff as words};
use crate::web::hall::{Tab, hall};
use crate::web::{At, Errors, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx, facilities, groups};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_base::text;
use tasuki_law::nouns::{EventKind, GroupId, GroupKind, Who};
use tasuki_law::rules::group::ManageGroup;
use tasuki_law::{Key, Refusal};

#[derive(Template)]
#[template(path = "free_groups/list.html")]
struct ListPage {
    hall: Hall,
    groups: Vec<Row>,
}

/// A group in the list.
struct Row {
    id: GroupId,
    name: String,
    initial: String,
    members: i64,
    last_on: String,
    unread: i64,
}

/// `GET /groups`
pub async fn list(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house
        .read(move |tx| {
            let account = who.account().ok_or(Trouble::Refused(Refusal::SignIn))?;
            tx.look(&who, Look::over(EventKind::PlacesListed));
            let mut rows = Vec::new();
            for mine in store::mine(tx, account)? {
                let name = groups::place(tx, mine.group)?.title.name;
                rows.push(Row {
                    id: mine.group,
                    initial: text::initial(&name),
                    name,
                    members: mine.members,
                    last_on: mine.last_at.map(phrases::day).unwrap_or_default(),
                    unread: mine.unread.max(0),
                });
            }
            let hall = hall(tx, &who, words::GROUPS)?.tab(Tab::Groups).back("/", phrases::HOME);
            Ok(ListPage { hall: hall.done(query.code("done")), groups: rows })
        })
        .await?;
    page(&shown)
}

const LONGEST_NAME: usize = 50;
const LONGEST_ABOUT: usize = 1_000;

/// Name and details as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub name: String,
    about: String,
    seat: String,
    /// The key of the form.
    once: String,
    pub errors: Errors,
}

impl Draft {
    pub fn read(form: &Form) -> Self {
        let (name, about) = (form.line("name"), form.prose("about"));
        let mut errors = Errors::none();
        errors.require("name", &name, words::NAME_MISSING);
        for (field, value, most) in [("name", &name, LONGEST_NAME), ("about", &about, LONGEST_ABOUT)] {
            if text::has_private_use(value) {
                errors.add(field, words::PRIVATE_USE);
            } else if text::is_longer(value, most) {
                errors.add(field, words::too_long(most));
            }
        }
        let (seat, once) = (form.code("seat").to_owned(), form.code("once").to_owned());
        Self { name, about, seat, once, errors }
    }
}

#[derive(Template)]
#[template(path = "free_groups/new.html")]
struct NewPage {
    hall: Hall,
    form: Draft,
    /// Where there are several: through which one to make it.
    seats: Vec<(String, String)>,
}

fn fresh(tx: &mut Tx, who: &Who, mut form: Draft) -> Outcome<NewPage> {
    let key = groups::access::to_create_free(tx, who, None)?;
    let seats = facilities::seats_of(tx, key.account)?;
    let seats = match seats.len() {
        1 => Vec::new(),
        _ => seats.into_iter().map(|seat| (seat.seat.to_string(), seat.facility_name)).collect(),
    };
    if let (true, Some(person)) = (form.once.is_empty(), who.person()) {
        form.once = tx.once(person)?;
    }
    let hall = hall(tx, who, words::NEW_GROUP)?.tab(Tab::Groups).back("/groups", words::GROUPS);
    Ok(NewPage { hall, form, seats })
}

/// `GET /groups/new`
pub async fn new(Known(who): Known, house: House) -> Page {
    page(&house.read(move |tx| fresh(tx, &who, Draft::default())).await?)
}

/// `POST /groups/new`
pub async fn create(Known(who): Known, house: House, form: Form) -> Page {
    let mut draft = Draft::read(&form);
    let asker = who.clone();
    // Whoever may not make one mints no key; and a person with several workplaces chooses one.
    let choose = house.read(move |tx| Ok(!fresh(tx, &asker, Draft::default())?.seats.is_empty())).await?;
    if choose && form.pick::<tasuki_law::nouns::SeatId>("seat").is_none() {
        draft.errors.add("seat", words::CHOOSE_SEAT);
    }
    if !draft.errors.is_empty() {
        return try_again(&house.read(move |tx| fresh(tx, &who, draft.clone())).await?);
    }
    let data_key = house.mint_key().await?;
    let group = house
        .write(move |tx| {
            let key = groups::access::to_create_free(tx, &who, form.pick("seat"))?;
            let person = *who.person().ok_or(Trouble::Refused(Refusal::SignIn))?;
            let id = GroupId(tx.id_once(&person, &draft.once)?);
            actions::create_as(tx, &key, id, &draft.name, data_key)
        })
        .await?;
    see_other(format!("/groups/{group}?done=group_made"))
}

#[derive(Template)]
#[template(path = "free_groups/edit.html")]
struct EditPage {
    hall: Hall,
    group: GroupId,
    form: Draft,
}

/// Only a free group has a name of its own: the others take theirs from a patient or a facility.
fn to_edit<'c>(tx: &mut Tx<'_, 'c>, who: &Who, group: GroupId) -> Outcome<Key<'c, ManageGroup>> {
    let key = groups::access::to_manage(tx, who, group)?;
    if key.kind == GroupKind::Free { Ok(key) } else { Err(Trouble::unseen()) }
}

fn edited(tx: &mut Tx, who: &Who, group: GroupId, form: Draft) -> Outcome<EditPage> {
    let hall = hall(tx, who, words::EDIT_GROUP)?.tab(Tab::Groups);
    let hall = hall.back(format!("/groups/{group}/members"), words::MEMBERS);
    Ok(EditPage { hall, group, form })
}

/// `GET /groups/{group}/edit`
pub async fn edit(Known(who): Known, house: House, At(group): At<GroupId>) -> Page {
    let shown = house
        .read(move |tx| {
            to_edit(tx, &who, group)?;
            let form = Draft {
                name: groups::place(tx, group)?.title.name,
                about: groups::about(tx, group)?,
                ..Draft::default()
            };
            edited(tx, &who, group, form)
        })
        .await?;
    page(&shown)
}

/// `POST /groups/{group}/edit`
pub async fn change(Known(who): Known, house: House, At(group): At<GroupId>, form: Form) -> Page {
    let draft = Draft::read(&form);
    let wrong = house
        .write(move |tx| {
            groups::actions::lock(tx, group)?;
            let key = to_edit(tx, &who, group)?;
            if !draft.errors.is_empty() {
                return Ok(Some(edited(tx, &who, group, draft.clone())?));
            }
            groups::actions::change(tx, &key, &draft.name, &draft.about)?;
            Ok(None)
        })
        .await?;
    match wrong {
        Some(shown) => try_again(&shown),
        None => see_other(format!("/groups/{group}/members?done=group_changed")),
    }
}
