//! My profile, and a colleague's card.

use super::{access, actions};
use crate::accounts::{Known, PersonCard};
use crate::facilities::SeatCard;
use crate::media::{self, Parcel, Purpose, PurposeKind, Unpacked, Variant};
use crate::phrases::profiles as words;
use crate::web::hall::hall;
use crate::web::{At, Errors, Form, Hall, Page, face, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx, accounts, facilities, phrases, policies};
use askama::Template;
use axum::http::{HeaderMap, Uri};
use tasuki_base::text;
use tasuki_law::Refusal;
use tasuki_law::nouns::{AccountId, FacilityId, Person, Profession, UploadId, Who};

#[derive(Template)]
#[template(path = "profiles/profile.html")]
struct ProfilePage {
    hall: Hall,
    typed: Typed,
    photo: String,
    initial: String,
    tint: u8,
    /// The rules of a region that the person works in allow faces alone.
    faces_only: bool,
    seats: Vec<SeatCard>,
    professions: Vec<(&'static str, &'static str)>,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "profiles/card.html")]
struct CardPage {
    hall: Hall,
    card: PersonCard,
    kana: String,
    about: String,
    photo: String,
    initial: String,
    tint: u8,
    seats: Vec<SeatCard>,
    /// Where the reader works.
    own: Vec<FacilityId>,
    oneself: bool,
}

impl CardPage {
    fn unvouched(&self, seat: &SeatCard) -> bool {
        seat.vouched_at.is_none() && !self.own.contains(&seat.facility)
    }
}

/// What stands in the form.
#[derive(Clone, Default)]
struct Typed {
    family: String,
    given: String,
    family_kana: String,
    given_kana: String,
    profession: String,
    about: String,
}

const NAME: usize = 50;
const ABOUT: usize = 1000;

impl Typed {
    fn of(card: &PersonCard, about: String) -> Self {
        Self {
            family: card.family.clone(),
            given: card.given.clone(),
            family_kana: card.family_kana.clone(),
            given_kana: card.given_kana.clone(),
            profession: card.profession.code().to_owned(),
            about,
        }
    }

    fn read(form: &Form) -> Self {
        let kana = |name: &str| form.reading(name);
        Self {
            family: form.name("family"),
            given: form.name("given"),
            family_kana: kana("family_kana"),
            given_kana: kana("given_kana"),
            profession: form.code("profession").to_owned(),
            about: form.prose("about").trim_end().to_owned(),
        }
    }

    fn check(&self) -> Result<Profession, Errors> {
        let mut errors = Errors::none();
        errors.require("family", &self.family, words::FAMILY_MISSING);
        let names = [
            ("family", &self.family),
            ("given", &self.given),
            ("family_kana", &self.family_kana),
            ("given_kana", &self.given_kana),
        ];
        let lengths = names.map(|(field, value)| (field, value, NAME)).into_iter().chain([(
            "about",
            &self.about,
            ABOUT,
        )]);
        for (field, value, longest) in lengths {
            if text::has_private_use(value) {
                errors.add(field, words::PRIVATE_USE);
            }
            if text::is_longer(value, longest) {
                errors.add(field, words::too_long(longest));
            }
        }
        match self.profession.parse() {
            Ok(profession) if errors.is_empty() => Ok(profession),
            Ok(_) => Err(errors),
            Err(_) => {
                errors.add("profession", words::PROFESSION_MISSING);
                Err(errors)
            }
        }
    }
}

fn somebody(who: &Who) -> Outcome<Person> {
    who.person().copied().ok_or(Trouble::Refused(Refusal::SignIn))
}

/// `GET /profile`
pub async fn show(Known(who): Known, house: House, uri: Uri) -> Page {
    let done = Form::of_query(uri.query().unwrap_or_default()).code("done").to_owned();
    page(&mine(&house, who, None, Errors::none(), done).await?)
}

async fn mine(
    house: &House,
    who: Who,
    typed: Option<Typed>,
    errors: Errors,
    done: String,
) -> Outcome<ProfilePage> {
    let person = somebody(&who)?;
    house
        .read(move |tx| {
            let card = accounts::card(tx, person.account)?;
            let about = accounts::about(tx, person.account)?;
            Ok(ProfilePage {
                hall: hall(tx, &who, words::PROFILE)?.back("/settings", phrases::SETTINGS).done(&done),
                typed: typed.clone().unwrap_or_else(|| Typed::of(&card, about)),
                photo: face::photo(card.account, card.photo),
                initial: text::initial(&card.family),
                tint: face::tint(card.profession),
                faces_only: faces_only(tx, person.account)?,
                seats: facilities::seats_of(tx, person.account)?,
                professions: Profession::ALL.iter().map(|one| (one.code(), one.word())).collect(),
                errors: errors.clone(),
            })
        })
        .await
}

fn faces_only(tx: &mut Tx, account: AccountId) -> Outcome<bool> {
    for seat in facilities::seats_of(tx, account)? {
        let facility = facilities::card(tx, seat.facility)?;
        if policies::of(&facility.policy).face_photos_only {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `POST /profile`
pub async fn change(Known(who): Known, house: House, form: Form) -> Page {
    let person = somebody(&who)?;
    let typed = Typed::read(&form);
    let profession = match typed.check() {
        Ok(profession) => profession,
        Err(errors) => return try_again(&mine(&house, who, Some(typed), errors, String::new()).await?),
    };
    house
        .write(move |tx| {
            let mut card = accounts::card(tx, person.account)?;
            card.family.clone_from(&typed.family);
            card.given.clone_from(&typed.given);
            card.family_kana.clone_from(&typed.family_kana);
            card.given_kana.clone_from(&typed.given_kana);
            card.profession = profession;
            actions::change(tx, &card, &typed.about)
        })
        .await?;
    see_other("/profile?done=profile_changed")
}

/// `POST /profile/photo`
pub async fn change_photo(Known(who): Known, house: House, parcel: Parcel) -> Page {
    let account = somebody(&who)?.account;
    let purpose = house.read(move |tx| {
        let data_key = accounts::card(tx, account)?.data_key;
        Ok(Purpose { account, data_key, draft: None, kind: PurposeKind::Profile })
    });
    let purpose = purpose.await?;
    let Unpacked { form, files, refused } = media::actions::take_multipart(&house, &purpose, parcel).await?;
    let fault = match (files.first(), refused.first()) {
        (Some(file), _) => return keep_photo(&house, purpose, Some(file.id)).await,
        (None, None) if form.has("remove") => return keep_photo(&house, purpose, None).await,
        (None, Some((_, fault))) => fault.words(),
        (None, None) => words::NO_PHOTO.to_owned(),
    };
    let mut errors = Errors::none();
    errors.add("photo", fault);
    try_again(&mine(&house, who, None, errors, String::new()).await?)
}

async fn keep_photo(house: &House, purpose: Purpose, photo: Option<UploadId>) -> Page {
    house.write(move |tx| actions::change_photo(tx, &purpose, photo)).await?;
    see_other("/profile?done=photo_changed")
}

/// `GET /accounts/{account}`
pub async fn card(Known(who): Known, house: House, At(account): At<AccountId>) -> Page {
    let shown = house.read(move |tx| {
        let key = access::to_see(tx, &who, account)?;
        let card = accounts::card(tx, key.account)?;
        Ok(CardPage {
            hall: hall(tx, &who, card.name())?.back("/connections", words::CONNECTIONS),
            kana: format!("{} {}", card.family_kana, card.given_kana).trim().to_owned(),
            about: accounts::about(tx, key.account)?,
            photo: face::photo(card.account, card.photo),
            initial: text::initial(&card.family),
            tint: face::tint(card.profession),
            seats: facilities::seats_of(tx, key.account)?,
            own: facilities::own(tx, &who)?,
            oneself: key.oneself,
            card,
        })
    });
    page(&shown.await?)
}

/// `GET /accounts/{account}/photo`
pub async fn photo(Known(who): Known, house: House, At(account): At<AccountId>, headers: HeaderMap) -> Page {
    let file = house.read(move |tx| {
        let key = access::to_see(tx, &who, account)?;
        let photo = accounts::card(tx, key.account)?.photo.ok_or_else(Trouble::unseen)?;
        media::in_place(tx, PurposeKind::Profile, photo)
    });
    media::pages::serve(&house, &headers, file.await?, Variant::Thumb).await
}
