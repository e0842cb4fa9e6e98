//! What everybody may read. A person who is signed in keeps their own header and tabs here.

use crate::accounts::{Known, TERMS_VERSION};
use crate::config::Support;
use crate::web::hall::{front, hall};
use crate::web::{Hall, Page, page};
use crate::{House, Outcome, phrases};
use askama::Template;
use tasuki_law::nouns::Who;

#[derive(Template)]
#[template(path = "front/landing.html")]
struct LandingPage {
    hall: Hall,
}

/// `GET /` for those who are not signed in.
pub async fn landing(house: House) -> Page {
    page(&LandingPage { hall: front(&house, phrases::LANDING) })
}

#[derive(Template)]
#[template(path = "front/about.html")]
struct AboutPage {
    hall: Hall,
}

/// `GET /about`
pub async fn about(Known(who): Known, house: House) -> Page {
    page(&AboutPage { hall: entrance(&house, who, phrases::ABOUT).await? })
}

#[derive(Template)]
#[template(path = "front/guide.html")]
struct GuidePage {
    hall: Hall,
    domain: String,
    signed_in: bool,
}

/// `GET /guide`
pub async fn guide(Known(who): Known, house: House) -> Page {
    let hall = entrance(&house, who, phrases::GUIDE).await?;
    let domain = house.config.mail_domain().to_owned();
    page(&GuidePage { signed_in: hall.person.is_some(), hall, domain })
}

#[derive(Template)]
#[template(path = "front/contact.html")]
struct ContactPage {
    hall: Hall,
    support: Support,
    domain: String,
}

/// `GET /contact`
pub async fn contact(Known(who): Known, house: House) -> Page {
    let hall = entrance(&house, who, phrases::CONTACT).await?;
    let domain = house.config.mail_domain().to_owned();
    page(&ContactPage { hall, support: house.config.support.clone(), domain })
}

impl ContactPage {
    /// The number as a telephone dials it.
    fn dial(&self) -> String {
        self.support.phone.chars().filter(char::is_ascii_digit).collect()
    }

    /// Nothing was set by the operator.
    fn is_bare(&self) -> bool {
        self.support.phone.is_empty() && self.support.mail.is_empty() && self.support.address.is_empty()
    }
}

#[derive(Template)]
#[template(path = "front/terms.html")]
struct TermsPage {
    hall: Hall,
    version: &'static str,
    /// Who runs this installation.
    operator: String,
}

/// `GET /terms`
pub async fn terms(Known(who): Known, house: House) -> Page {
    let hall = entrance(&house, who, phrases::TERMS).await?;
    page(&TermsPage { hall, version: TERMS_VERSION, operator: operator(&house) })
}

#[derive(Template)]
#[template(path = "front/privacy.html")]
struct PrivacyPage {
    hall: Hall,
    version: &'static str,
    operator: String,
}

/// `GET /privacy`
pub async fn privacy(Known(who): Known, house: House) -> Page {
    let hall = entrance(&house, who, phrases::PRIVACY).await?;
    page(&PrivacyPage { hall, version: TERMS_VERSION, operator: operator(&house) })
}

#[derive(Template)]
#[template(path = "front/accessibility.html")]
struct AccessibilityPage {
    hall: Hall,
}

/// `GET /accessibility`
pub async fn accessibility(Known(who): Known, house: House) -> Page {
    page(&AccessibilityPage { hall: entrance(&house, who, phrases::ACCESSIBILITY).await? })
}

fn operator(house: &House) -> String {
    let name = &house.config.support.name;
    if name.is_empty() { house.config.name.clone() } else { name.clone() }
}

/// The hall of a page that is open to all.
pub(super) async fn entrance(house: &House, who: Who, title: &'static str) -> Outcome<Hall> {
    house.read(move |tx| hall(tx, &who, title)).await
}
