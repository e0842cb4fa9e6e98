//! The short form, its confirmation with the password, the end.

use super::{Notice, Place, here, place, say};
use crate::accounts::devices::Arrived;
use crate::accounts::limits::table;
use crate::accounts::pages::SignInForm;
use crate::accounts::{self, Known, password_rule, proof};
use crate::joining::access::{self, Behind, Way};
use crate::joining::actions::{self, Decided};
use crate::phrases::staff as words;
use crate::registration::Sheet;
use crate::web::hall::front;
use crate::web::{Errors, Form, Hall, Page, html, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx, invitations};
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use tasuki_base::chance::Token;
use tasuki_law::nouns::{Profession, Who};

#[derive(Template)]
#[template(path = "joining/form.html")]
pub(super) struct FormPage {
    hall: Hall,
    place: Place,
    sheet: Sheet,
    professions: Vec<(&'static str, &'static str)>,
    errors: Errors,
    url: String,
}

/// The form with what was typed before, if anything was.
pub(super) fn blank(tx: &mut Tx, hall: Hall, behind: &Behind, token: &str) -> Outcome<FormPage> {
    let sheet = access::typed(tx, token)?.map(|entry| entry.sheet).unwrap_or_default();
    drawn(tx, hall, behind, token, sheet, Errors::none())
}

fn drawn(
    tx: &mut Tx,
    hall: Hall,
    behind: &Behind,
    token: &str,
    sheet: Sheet,
    errors: Errors,
) -> Outcome<FormPage> {
    let professions = Profession::ALL.iter().map(|one| (one.code(), one.word())).collect();
    Ok(FormPage { hall, place: place(tx, behind)?, sheet, professions, errors, url: here(token) })
}

/// `POST /join/{token}`: keeps what was typed, for the page that looks it over.
pub async fn fill(Known(who): Known, house: House, Path(token): Path<String>, form: Form) -> Page {
    let mut sheet = Sheet::default();
    sheet.read_person(&form);
    let errors = sheet.person_errors();
    let url = format!("{}/confirmation", here(&token));
    let hall = front(&house, words::JOINING);
    let again = house
        .write(move |tx| {
            let Way::Form(behind) = access::way(tx, &who, &token)? else { return Ok(Filled::Elsewhere) };
            if !errors.is_empty() {
                let shown = drawn(tx, hall.clone(), &behind, &token, sheet.clone(), errors.clone())?;
                return Ok(Filled::Again(Box::new(shown)));
            }
            let parsed = Token::parse(token.trim()).ok_or_else(Trouble::unseen)?;
            actions::keep(tx, &behind, &parsed, &sheet)?;
            Ok(Filled::Kept)
        })
        .await?;
    match again {
        Filled::Kept => see_other(url),
        Filled::Again(shown) => try_again(&*shown),
        Filled::Elsewhere => see_other(url.trim_end_matches("/confirmation")),
    }
}

enum Filled {
    Kept,
    Again(Box<FormPage>),
    Elsewhere,
}

/// What was typed travels with this page to the end: nobody else who holds the link changes it underneath.
#[derive(Template)]
#[template(path = "joining/confirmation.html")]
struct ConfirmationPage {
    hall: Hall,
    place: Place,
    sheet: Sheet,
    profession: &'static str,
    errors: Errors,
    url: String,
}

/// The confirmation, or nothing where there is nothing to confirm.
fn checked(
    tx: &mut Tx,
    hall: Hall,
    behind: &Behind,
    token: &str,
    sheet: Sheet,
) -> Outcome<Option<ConfirmationPage>> {
    let Ok(profession) = sheet.profession.parse::<Profession>() else { return Ok(None) };
    let place = place(tx, behind)?;
    let (profession, url) = (profession.word(), here(token));
    Ok(Some(ConfirmationPage { hall, place, sheet, profession, errors: Errors::none(), url }))
}

/// `GET /join/{token}/confirmation`
pub async fn confirm(Known(who): Known, house: House, Path(token): Path<String>) -> Page {
    let url = here(&token);
    let hall = front(&house, words::JOINING_CHECK);
    let shown = house
        .read(move |tx| match (access::way(tx, &who, &token)?, access::typed(tx, &token)?) {
            (Way::Form(behind), Some(entry)) => checked(tx, hall.clone(), &behind, &token, entry.sheet),
            _ => Ok(None),
        })
        .await?;
    match shown {
        Some(shown) => page(&shown),
        None => see_other(url),
    }
}

/// What stands behind the link just before the end.
struct Before {
    behind: Behind,
    facility: String,
    shown: ConfirmationPage,
}

/// The page with what this request brought along, or with what was kept where it brought nothing.
async fn before(house: &House, who: &Who, token: &str, form: &Form) -> Outcome<Option<Before>> {
    let hall = front(house, words::JOINING_CHECK);
    let (who, token) = (who.clone(), token.to_owned());
    let mut brought = Sheet::default();
    brought.read_person(form);
    let brought = Some(brought).filter(|_| form.has("family"));
    house
        .read(move |tx| {
            let Way::Form(behind) = access::way(tx, &who, &token)? else { return Ok(None) };
            let kept = access::typed(tx, &token)?.map(|entry| entry.sheet);
            let sheet = brought.clone().or(kept).filter(|sheet| sheet.person_errors().is_empty());
            let Some(sheet) = sheet else { return Ok(None) };
            let Some(shown) = checked(tx, hall.clone(), &behind, &token, sheet)? else { return Ok(None) };
            let facility = crate::facilities::card(tx, behind.row.facility)?.name;
            Ok(Some(Before { behind: *behind, facility, shown }))
        })
        .await
}

/// `POST /join/{token}/completion`: makes the account and uses the link up. Only what is sent along with this very
/// request becomes the account: nothing that was kept before it is a credential.
pub async fn complete(
    Known(who): Known,
    house: House,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Page {
    let url = here(&token);
    let Some(Before { behind, facility, mut shown }) = before(&house, &who, &token, &form).await? else {
        return see_other(format!("{url}/completion"));
    };
    let (password, sheet) = (form.secret("password").to_owned(), &shown.sheet);
    let link = behind.link.id.to_string();
    let about =
        [&sheet.family, &sheet.given, &sheet.family_kana, &sheet.given_kana, &shown.place.email, &facility]
            .map(String::as_str);
    if let Err(weak) = password_rule::weigh(&house, link.clone(), &password, &about).await? {
        shown.errors.add("password", weak.words());
    }
    shown.errors.unless(form.has("agreed"), "agreed", words::TERMS_MISSING);
    if !shown.errors.is_empty() {
        return try_again(&shown);
    }
    proof::admit_one(&house, &table::LINK, link).await?;
    let secret = house.hasher.hash(password, &house.chance).await;
    let data_key = house.mint_key().await?;
    let arrived = Arrived::with(&house, &headers).await?;
    let (browser, sheet) = (arrived.hash(), shown.sheet);
    let made = house
        .write(move |tx| {
            let Some(found) = access::behind(tx, &token)? else { return Ok(false) };
            invitations::hold(tx, found.row.id)?;
            let Way::Form(behind) = access::way(tx, &who, &token)? else { return Ok(false) };
            let parsed = Token::parse(token.trim()).ok_or_else(Trouble::unseen)?;
            let decided = Decided { sheet: &sheet, password: &secret, data_key, browser };
            actions::complete(tx, &behind, &parsed, &decided)?;
            Ok(true)
        })
        .await?;
    if !made {
        return see_other(url);
    }
    let mut answer = see_other(format!("{url}/completion"))?;
    answer.headers_mut().append(header::SET_COOKIE, arrived.line());
    Ok(answer)
}

#[derive(Template)]
#[template(path = "joining/completion.html")]
struct CompletionPage {
    hall: Hall,
    form: SignInForm,
}

/// `GET /join/{token}/completion`: it is done; the sign-in form.
pub async fn done(house: House, Path(token): Path<String>, headers: HeaderMap) -> Page {
    let key = token.clone();
    let email = house
        .read(move |tx| match access::typed(tx, &key)?.and_then(|entry| entry.account) {
            Some(account) => Ok(Some(accounts::email(tx, account)?)),
            None => Ok(None),
        })
        .await?;
    let Some(email) = email else { return say(&house, Notice::Closed, token) };
    let form = SignInForm { email, ..SignInForm::on(&house, &headers) };
    html(StatusCode::OK, &CompletionPage { hall: front(&house, words::JOINED), form })
}
