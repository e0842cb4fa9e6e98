//! Approvers decide; inviters take back.

use crate::accounts::Known;
use crate::invitations::view::{self, Shown};
use crate::invitations::{access, actions};
use crate::phrases::{self, staff as words};
use crate::web::hall::hall;
use crate::web::{At, Form, Hall, Page, page, see_other};
use crate::{House, Trouble};
use askama::Template;
use axum::extract::RawQuery;
use tasuki_law::Refusal;
use tasuki_law::nouns::{GroupId, InvitationId};

#[derive(Template)]
#[template(path = "invitations/approvals.html")]
struct ApprovalsPage {
    hall: Hall,
    waiting: Vec<Shown>,
}

/// `GET /approvals`
pub async fn list(Known(who): Known, house: House, RawQuery(query): RawQuery) -> Page {
    let query = Form::of_query(query.as_deref().unwrap_or_default());
    let shown = house
        .read(move |tx| {
            if who.account().is_none() {
                return Err(Trouble::Refused(Refusal::SignIn));
            }
            let hall = hall(tx, &who, words::APPROVALS)?.back("/", phrases::HOME).done(query.code("done"));
            Ok(ApprovalsPage { hall, waiting: view::to_approve(tx, &who)? })
        })
        .await?;
    page(&shown)
}

/// Back to the place whose page had the button, or to the list.
fn after(form: &Form, done: &str) -> Page {
    match form.pick::<GroupId>("group") {
        Some(group) => see_other(format!("/groups/{group}/members?done={done}")),
        None => see_other(format!("/approvals?done={done}")),
    }
}

/// `POST /invitations/{invitation}/approval`
pub async fn approve(Known(who): Known, house: House, At(id): At<InvitationId>, form: Form) -> Page {
    house
        .write(move |tx| {
            let row = access::hold(tx, id)?;
            let key = access::to_decide(tx, &who, &row)?;
            actions::approve(tx, &key, row)
        })
        .await?;
    after(&form, "invitation_approved")
}

/// `POST /invitations/{invitation}/refusal`
pub async fn refuse(Known(who): Known, house: House, At(id): At<InvitationId>, form: Form) -> Page {
    house
        .write(move |tx| {
            let row = access::hold(tx, id)?;
            let key = access::to_decide(tx, &who, &row)?;
            actions::refuse(tx, &key, row)
        })
        .await?;
    after(&form, "invitation_refused")
}

/// `POST /invitations/{invitation}/cancellation`
pub async fn cancel(Known(who): Known, house: House, At(id): At<InvitationId>) -> Page {
    house
        .write(move |tx| {
            let row = access::hold(tx, id)?;
            let key = access::to_cancel(tx, &who, &row)?;
            actions::cancel(tx, &key, &row)
        })
        .await?;
    see_other("/invitations?done=invitation_cancelled")
}
