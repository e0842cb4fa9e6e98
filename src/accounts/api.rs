//! Tokens: how a program signs in for a person.

use super::session::ABSOLUTE_TOKEN;
use super::{Caller, actions, proof, session};
use crate::phrases::api as words;
use crate::web::api::{Body, Created, Done, Id, Problem, Time, created, done};
use crate::web::{Client, Errors};
use crate::{House, Trouble};
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use tasuki_base::text;
use tasuki_law::Refusal;
use tasuki_law::nouns::{EventKind, SessionId};
use utoipa::ToSchema;

/// What a token is asked with.
#[derive(Deserialize, ToSchema)]
pub struct TokenAsked {
    #[schema(format = Email, example = "name@example.jp")]
    email: String,
    #[schema(format = Password, example = "asagao-no-michi-2026")]
    password: String,
    /// What the person calls the program in the list of their sessions: up to 50 letters.
    #[schema(min_length = 1, max_length = 50, example = "carelink")]
    name: String,
}

/// A token, shown this once.
#[derive(Serialize, ToSchema)]
pub struct TokenMade {
    /// To be sent as `Authorization: Bearer …`.
    token: String,
    /// The session it opens, as listed in the person's settings.
    #[schema(value_type = Id)]
    session: SessionId,
    /// It opens nothing after this, or once the person ends it, changes the password or is suspended.
    expires_at: Time,
}

const LONGEST_NAME: usize = 50;

impl TokenAsked {
    fn name(&self) -> Result<String, Problem> {
        let name = text::line(&self.name);
        let mut errors = Errors::none();
        errors.require("name", &name, words::NAME_MISSING);
        if text::is_longer(&name, LONGEST_NAME) {
            errors.add("name", words::at_most(LONGEST_NAME));
        }
        if text::has_private_use(&name) {
            errors.add("name", words::PRIVATE_USE);
        }
        if errors.is_empty() { Ok(name) } else { Err(Problem::input(&errors)) }
    }
}

/// Makes a token
///
/// The same limits as signing in: ten wrong tries in a quarter of an hour, fewer while the account is under attack.
/// A program that sends its former token along, ended or not, has an allowance of its own. Unknown addresses and wrong
/// passwords answer alike.
#[utoipa::path(post, path = "/api/v1/tokens", operation_id = "make_token", tag = "account", security(()),
    request_body = TokenAsked,
    responses(
        (status = 201, description = "The token; it is shown this once", body = TokenMade),
        (status = 401, description = "Address or password is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries", body = Problem, content_type = "application/problem+json"),
    ))]
pub async fn make_token(
    house: House,
    client: Client,
    headers: HeaderMap,
    Body(asked): Body<TokenAsked>,
) -> Created<TokenMade> {
    let name = asked.name()?;
    let email = text::email(&asked.email);
    let before = session::token(&headers, &house).map(|token| token.hash());
    let Some(account) = proof::recognise(&house, &client, before, &email, &asked.password).await? else {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, words::WRONG_PASSWORD));
    };
    let token = house.chance.token();
    let (hash, device) = (token.hash(), client.device);
    let (session, now) = house
        .write(move |tx| Ok((actions::begin_token(tx, account, hash, &name, device)?, tx.now())))
        .await?;
    created(TokenMade { token: token.text(), session, expires_at: now.plus(ABSOLUTE_TOKEN).into() })
}

/// Ends the token in use
#[utoipa::path(delete, path = "/api/v1/tokens/current", operation_id = "end_token", tag = "account",
    responses((status = 204, description = "It opens nothing any more")))]
pub async fn end_token(Caller(who): Caller, house: House) -> Done {
    let person = who.person().copied().ok_or(Trouble::Refused(Refusal::SignIn))?;
    house
        .write(move |tx| actions::end_session(tx, person.account, person.session, EventKind::SessionEnded))
        .await?;
    done()
}
