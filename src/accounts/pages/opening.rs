//! A page that covered itself is opened again by its person's password, and stands as it stood.

use super::sign_in::{begin_after, refusal, session_cookie};
use crate::accounts::devices::{self, Arrived};
use crate::accounts::{self, proof, session, store};
use crate::web::{Client, Form, Page, see_other};
use crate::{House, Trouble, phrases};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use tasuki_law::Refusal;
use tasuki_law::nouns::SessionKind;

/// `POST /session/opening`: the password of the person whose page it is, in the browser that had their session, whether
/// or not that has ended meanwhile. A session that somebody ended on purpose opens nothing.
pub async fn open(house: House, client: Client, headers: HeaderMap, form: Form) -> Page {
    let sign_in = || Trouble::Refused(Refusal::SignIn);
    let hash = session::token(&headers, &house).ok_or_else(sign_in)?.hash();
    let found = house
        .glance(move |tx| match store::session_by_token(tx, &hash)? {
            Some(row) => Ok(Some((accounts::email(tx, row.account)?, row))),
            None => Ok(None),
        })
        .await?;
    let (email, row) =
        found.filter(|(_, row)| row.session_kind == SessionKind::Browser).ok_or_else(sign_in)?;
    if form.pick("account") != Some(row.account) {
        // Somebody else works in this browser by now.
        return Err(Trouble::unseen());
    }
    let device = devices::told(&headers, &house);
    let account = match proof::recognise(&house, &client, device, &email, form.secret("password")).await {
        Ok(Some(account)) if account == row.account => account,
        refused => {
            let (status, words) = match refusal(refused)? {
                (status @ StatusCode::UNPROCESSABLE_ENTITY, _) => (status, phrases::WRONG_OWN_PASSWORD),
                limited => limited,
            };
            return Ok((status, words).into_response());
        }
    };
    let arrived = Arrived::with(&house, &headers).await?;
    let (token, _) = begin_after(&house, &client, &row.who(), account, (arrived.hash(), true)).await?;
    let mut answer = if headers.contains_key("x-requested-with") {
        StatusCode::NO_CONTENT.into_response()
    } else {
        see_other("/")?
    };
    answer.headers_mut().append(header::SET_COOKIE, session_cookie(&house, &client, &token));
    answer.headers_mut().append(header::SET_COOKIE, arrived.line());
    Ok(answer)
}
