//! Recording a consent: on paper with a scan, or by word with who, when, from whom and who was there.

use super::list::back;
use crate::accounts::{self, Known};
use crate::consents::access;
use crate::consents::actions::{self, Taken};
use crate::consents::typed::Typed;
use crate::facilities;
use crate::media::{self, Parcel, Purpose, PurposeKind, Unpacked};
use crate::patients;
use crate::phrases::patients as words;
use crate::web::hall::{Tab, hall};
use crate::web::{At, Errors, Hall, Page, page, see_other, try_again};
use crate::{House, Outcome, Trouble, Tx};
use askama::Template;
use tasuki_base::text;
use tasuki_law::nouns::{ConsentMethod, FileKind, PatientId, Relationship, Signer, UploadId, Who};

/// Lists of codes with their words.
type Options = Vec<(&'static str, &'static str)>;

#[derive(Template)]
#[template(path = "consents/new.html")]
struct NewPage {
    hall: Hall,
    patient: PatientId,
    name: String,
    typed: Typed,
    errors: Errors,
    methods: Options,
    signers: Options,
    relationships: Options,
    /// Care providers need it on paper.
    paper_needed: bool,
}

/// `GET /patients/{patient}/consents/new`
pub async fn show(Known(who): Known, house: House, At(patient): At<PatientId>) -> Page {
    let shown = house.read(move |tx| {
        access::to_see_form(tx, &who, patient)?;
        let typed = begun(tx, &who, patient)?;
        new_page(tx, &who, patient, typed, Errors::none())
    });
    page(&shown.await?)
}

/// Today, and the person at the keyboard as the one who explained: the usual case.
pub(in crate::consents) fn begun(tx: &mut Tx, who: &Who, patient: PatientId) -> Outcome<Typed> {
    let account = who.account().ok_or_else(Trouble::unseen)?;
    let originating = patients::patient(tx, patient)?.facility;
    let me = accounts::card(tx, account)?.name();
    Ok(Typed {
        given_on: text::era_date(text::local_date(tx.now())),
        explainer_name: me.clone(),
        explainer_facility: facilities::card(tx, originating)?.name,
        explainer_phone: facilities::details(tx, originating)?.phone,
        heard_by: me,
        ..Typed::default()
    })
}

fn new_page(tx: &mut Tx, who: &Who, id: PatientId, typed: Typed, errors: Errors) -> Outcome<NewPage> {
    access::to_see_form(tx, who, id)?;
    let patient = patients::patient(tx, id)?;
    let kind = facilities::card(tx, patient.facility)?.kind;
    let (back, called) = back(tx, who, id)?;
    let others = Relationship::ALL.iter().filter(|known| **known != Relationship::SelfPatient);
    Ok(NewPage {
        hall: hall(tx, who, words::RECORD_CONSENT)?.tab(Tab::Patients).back(back, called),
        patient: id,
        name: patient.facts.name(),
        typed,
        errors,
        methods: ConsentMethod::ALL.iter().map(|method| (method.code(), method.word())).collect(),
        signers: Signer::ALL.iter().map(|signer| (signer.code(), signer.word())).collect(),
        relationships: others.map(|known| (known.code(), known.word())).collect(),
        paper_needed: !kind.is_medical_institution(),
    })
}

/// `POST /patients/{patient}/consents/new`
pub async fn create(Known(who): Known, house: House, At(patient): At<PatientId>, parcel: Parcel) -> Page {
    let asker = who.clone();
    let facts = house.read(move |tx| {
        let key = access::to_see_form(tx, &asker, patient)?;
        let patient = patients::patient(tx, patient)?;
        let kind = PurposeKind::Consent;
        let purpose = Purpose { account: key.account, data_key: patient.data_key, draft: None, kind };
        Ok((purpose, patient.facts.name()))
    });
    let (purpose, name) = facts.await?;
    let parcel = media::actions::take_multipart(&house, &purpose, parcel).await?;
    let mut typed = Typed::read(&parcel.form);
    let scan = scanned(&parcel);
    if let Ok(Some(file)) = &scan {
        typed.scan = file.to_string();
    }
    let mut checked = typed.check(text::local_date(house.now()), &name);
    if let Err(words) = scan {
        let mut errors = checked.err().unwrap_or_default();
        errors.add("scan", words);
        checked = Err(errors);
    }
    let (method, details) = match checked {
        Ok(taken) => taken,
        Err(errors) => {
            let again = move |tx: &mut Tx<'_, '_>| new_page(tx, &who, patient, typed.clone(), errors.clone());
            return try_again(&house.read(again).await?);
        }
    };
    let scan = typed.scan.parse::<UploadId>().ok().map(|scan| (scan, purpose));
    let recorded = house.write(move |tx| {
        let key = access::to_record(tx, &who, patient)?;
        actions::record(tx, &key, &Taken { method, details: &details, scan })
    });
    recorded.await?;
    see_other(format!("/patients/{patient}/consents?done=consent_recorded"))
}

/// The scan that came with the form: a picture or a PDF, or why it is none.
fn scanned(parcel: &Unpacked) -> Result<Option<UploadId>, String> {
    if let Some((_, fault)) = parcel.refused.first() {
        return Err(fault.words());
    }
    match parcel.files.first() {
        None => Ok(None),
        Some(file) if file.kind == FileKind::Image || file.media_type == "application/pdf" => {
            Ok(Some(file.id))
        }
        Some(_) => Err(crate::phrases::consents::SCAN.to_owned()),
    }
}
