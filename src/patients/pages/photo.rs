//! The picture of a patient: shown to whom the card opens.

use super::edit::edit_page;
use crate::accounts::Known;
use crate::media::pages::serve;
use crate::media::{self, Parcel, Purpose, PurposeKind, Unpacked, Variant};
use crate::patients::{access, actions, store};
use crate::phrases::patients as words;
use crate::web::{At, Errors, Page, see_other, try_again};
use crate::{House, Outcome, Trouble};
use axum::http::HeaderMap;
use tasuki_law::nouns::{EventKind, PatientId, UploadId, Who};

/// `GET /patients/{patient}/photo`
pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>, headers: HeaderMap) -> Page {
    let file = house.read(move |tx| {
        access::to_open_card(tx, &who, patient, EventKind::PatientPhotoSeen)?;
        let photo = store::patient(tx, patient)?.photo.ok_or_else(Trouble::unseen)?;
        media::in_place(tx, PurposeKind::Patient, photo)
    });
    serve(&house, &headers, file.await?, Variant::Thumb).await
}

/// `POST /patients/{patient}/photo`
pub async fn change(Known(who): Known, house: House, At(patient): At<PatientId>, parcel: Parcel) -> Page {
    let asker = who.clone();
    let purpose = house.read(move |tx| {
        let key = access::to_see_edit(tx, &asker, patient)?;
        let data_key = store::patient(tx, patient)?.data_key;
        Ok(Purpose { account: key.account, data_key, draft: None, kind: PurposeKind::Patient })
    });
    let purpose = purpose.await?;
    let Unpacked { form, files, refused } = media::actions::take_multipart(&house, &purpose, parcel).await?;
    let words = match (files.first(), refused.first()) {
        (Some(file), _) => return keep(&house, who, patient, purpose, Some(file.id)).await,
        (None, None) if form.has("remove") => return keep(&house, who, patient, purpose, None).await,
        (None, Some((_, fault))) => fault.words(),
        (None, None) => words::NO_PICTURE.to_owned(),
    };
    let mut errors = Errors::none();
    errors.add("picture", words);
    let shown = house.read(move |tx| edit_page(tx, &who, patient, None, errors.clone())).await?;
    try_again(&shown)
}

async fn keep(
    house: &House,
    who: Who,
    patient: PatientId,
    purpose: Purpose,
    photo: Option<UploadId>,
) -> Page {
    let kept: Outcome<()> = house
        .write(move |tx| {
            let key = access::to_edit(tx, &who, patient)?;
            if let Some(photo) = photo {
                media::keep(tx, &purpose, photo)?;
            }
            actions::set_photo(tx, &key, photo)
        })
        .await;
    kept?;
    see_other(format!("/patients/{patient}?done=photo_changed"))
}
