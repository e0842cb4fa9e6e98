//! The staff of a workplace, one of them, and the facility's own facts.

use super::actions;
use crate::accounts::Known;
use crate::facilities::{self, Details, FacilityCard, SeatCard};
use crate::phrases::{self, staff as words};
use crate::web::hall::hall;
use crate::web::{At, Errors, Form, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_base::text;
use tasuki_law::Key;
use tasuki_law::nouns::{FacilityId, FacilityType, SeatId, Who};
use tasuki_law::rules::facility::SeeFacility;

#[derive(Template)]
#[template(path = "workplaces/staff.html")]
struct StaffPage {
    hall: Hall,
    card: FacilityCard,
    details: Details,
    staff: Vec<SeatCard>,
    /// My workplaces, where there are several: (href, name, unread, current).
    places: Vec<(String, String, i64, bool)>,
    my_seat: SeatId,
    may: May,
}

/// What the person who looks may do here.
struct May {
    manage: bool,
}

/// The key to the facility chosen, or to the person's first.
fn enter<'c>(tx: &mut Tx<'_, 'c>, who: &Who, chosen: Option<FacilityId>) -> Outcome<Key<'c, SeeFacility>> {
    let seat = facilities::my_seat(tx, who, chosen)?;
    facilities::access::to_see(tx, who, seat.facility)
}

/// `GET /staff`
pub async fn staff(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house
        .read(move |tx| {
            let key = enter(tx, &who, query.pick("facility"))?;
            let seats = facilities::seats_of(tx, key.account)?;
            let tab = |seat: SeatCard| {
                let current = seat.facility == key.facility;
                (format!("/staff?facility={}", seat.facility), seat.facility_name, 0, current)
            };
            Ok(StaffPage {
                hall: hall(tx, &who, words::STAFF)?.back("/", phrases::HOME).done(query.code("done")),
                card: facilities::card(tx, key.facility)?,
                details: facilities::details(tx, key.facility)?,
                staff: facilities::staff(tx, key.facility)?,
                places: if seats.len() > 1 { seats.into_iter().map(tab).collect() } else { Vec::new() },
                my_seat: key.seat,
                may: May { manage: key.admin },
            })
        })
        .await?;
    page(&shown)
}

#[derive(Template)]
#[template(path = "workplaces/seat.html")]
struct SeatPage {
    hall: Hall,
    seat: SeatCard,
    joined_on: String,
    oneself: bool,
    may: May,
}

/// `GET /staff/{seat}`
pub async fn seat(Known(who): Known, house: House, At(id): At<SeatId>, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house
        .read(move |tx| {
            let seat = living(tx, id)?;
            let key = facilities::access::to_see(tx, &who, seat.facility)?;
            let back = format!("/staff?facility={}", seat.facility);
            Ok(SeatPage {
                hall: hall(tx, &who, seat.name())?.back(back, words::STAFF).done(query.code("done")),
                joined_on: phrases::day(seat.joined_at),
                oneself: seat.seat == key.seat,
                may: May { manage: key.admin },
                seat,
            })
        })
        .await?;
    page(&shown)
}

/// An ended seat is not there any more.
fn living(tx: &mut Tx, id: SeatId) -> Outcome<SeatCard> {
    let seat = facilities::seat(tx, id)?;
    match facilities::seat_at(tx, seat.account, seat.facility)? {
        Some(mine) if mine.seat == id => Ok(seat),
        _ => Err(Trouble::unseen()),
    }
}

/// `POST /staff/{seat}/administrator`: `on` gives the right, anything else takes it.
pub async fn administrator(Known(who): Known, house: House, At(id): At<SeatId>, form: Form) -> Page {
    let give = form.code("right") == "on";
    let facility = house
        .write(move |tx| {
            let seat = living(tx, id)?;
            facilities::actions::lock(tx, seat.facility)?;
            let seat = living(tx, id)?;
            let key = facilities::access::to_manage(tx, &who, seat.facility)?;
            if give && !seat.admin {
                facilities::actions::appoint(tx, &key, id)?;
            } else if !give && seat.admin {
                let key = facilities::access::to_end_seat(tx, &who, id)?;
                facilities::actions::dismiss(tx, &key)?;
            }
            Ok(seat.facility)
        })
        .await?;
    let done = if give { "seat_admin_given" } else { "seat_admin_taken" };
    see_other(format!("/staff?facility={facility}&done={done}"))
}

#[derive(Template)]
#[template(path = "workplaces/facility.html")]
struct FacilityPage {
    hall: Hall,
    facility: FacilityId,
    form: Facts,
    types: Vec<(&'static str, &'static str)>,
}

/// The facility's own facts as typed.
#[derive(Clone, Debug, Default)]
struct Facts {
    name: String,
    kind: String,
    postal_code: String,
    prefecture: String,
    address: String,
    building: String,
    phone: String,
    errors: Errors,
}

const LONGEST_NAME: usize = 50;
const LONGEST_LINE: usize = 100;

impl Facts {
    fn of(card: &FacilityCard, details: Details) -> Self {
        Self {
            name: card.name.clone(),
            kind: card.kind.code().to_owned(),
            postal_code: card.postal_code.clone(),
            prefecture: details.prefecture,
            address: details.address,
            building: details.building,
            phone: details.phone,
            errors: Errors::none(),
        }
    }

    fn read(form: &Form) -> Self {
        let line = |name| form.line(name);
        let mut facts = Self {
            name: line("name"),
            kind: line("kind"),
            postal_code: line("postal_code"),
            prefecture: line("prefecture"),
            address: line("address"),
            building: line("building"),
            phone: line("phone"),
            errors: Errors::none(),
        };
        facts.judge();
        facts
    }

    fn judge(&mut self) {
        let Self { name, kind, postal_code, prefecture, address, building, phone, errors } = self;
        errors.require("name", name, words::FACILITY_NAME_MISSING);
        if kind.parse::<FacilityType>().is_err() {
            errors.add("kind", words::TYPE_MISSING);
        }
        match text::postal_code(postal_code) {
            Some(digits) => *postal_code = digits,
            None => errors.add("postal_code", words::POSTAL_CODE),
        }
        errors.require("prefecture", prefecture, words::PREFECTURE_MISSING);
        errors.require("address", address, words::ADDRESS_MISSING);
        match text::phone_groups(phone) {
            Some(groups) => *phone = groups,
            None => errors.add("phone", words::PHONE),
        }
        let lines = [
            ("name", &*name, LONGEST_NAME),
            ("prefecture", &*prefecture, LONGEST_LINE),
            ("address", &*address, LONGEST_LINE),
            ("building", &*building, LONGEST_LINE),
        ];
        for (field, value, most) in lines {
            if text::has_private_use(value) {
                errors.add(field, words::PRIVATE_USE);
            } else if text::is_longer(value, most) {
                errors.add(field, words::too_long(most));
            }
        }
    }
}

fn facility_page(tx: &mut Tx, who: &Who, facility: FacilityId, form: Facts) -> Outcome<FacilityPage> {
    let hall = hall(tx, who, words::FACILITY)?.back(format!("/staff?facility={facility}"), words::STAFF);
    let types = FacilityType::ALL.iter().map(|kind| (kind.code(), kind.word())).collect();
    Ok(FacilityPage { hall, facility, form, types })
}

/// `GET /facility`
pub async fn facility(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house
        .read(move |tx| {
            let seat = facilities::my_seat(tx, &who, query.pick("facility"))?;
            let key = facilities::access::to_manage(tx, &who, seat.facility)?;
            let card = facilities::card(tx, key.facility)?;
            let details = facilities::details(tx, key.facility)?;
            facility_page(tx, &who, key.facility, Facts::of(&card, details))
        })
        .await?;
    page(&shown)
}

/// `POST /facility`
pub async fn change(Known(who): Known, house: House, form: Form) -> Page {
    let facts = Facts::read(&form);
    let chosen = form.pick("facility");
    let again = house
        .write(move |tx| {
            let seat = facilities::my_seat(tx, &who, chosen)?;
            facilities::actions::lock(tx, seat.facility)?;
            let key = facilities::access::to_manage(tx, &who, seat.facility)?;
            if !facts.errors.is_empty() {
                return Ok(Err(facility_page(tx, &who, key.facility, facts.clone())?));
            }
            let card = changed(facilities::card(tx, key.facility)?, &facts)?;
            actions::change(tx, &key, &card, &details(&facts))?;
            Ok(Ok(key.facility))
        })
        .await?;
    match again {
        Err(shown) => try_again(&shown),
        Ok(facility) => see_other(format!("/staff?facility={facility}&done=facility_changed")),
    }
}

fn changed(card: FacilityCard, facts: &Facts) -> Outcome<FacilityCard> {
    let kind = facts.kind.parse().map_err(|_| Trouble::Malformed)?;
    Ok(FacilityCard { name: facts.name.clone(), kind, postal_code: facts.postal_code.clone(), ..card })
}

fn details(facts: &Facts) -> Details {
    Details {
        prefecture: facts.prefecture.clone(),
        address: facts.address.clone(),
        building: facts.building.clone(),
        phone: facts.phone.clone(),
    }
}
