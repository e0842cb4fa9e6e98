//! Programs that act for people of the cast, by the API.

use super::{Answer, Visitor, World};
use crate::accounts;
use axum::http::{Method, header};
use serde_json::Value;
use tasuki_law::nouns::{AccountId, GroupId};

impl World {
    /// A program with a token of a person.
    pub async fn program(&self, key: &str) -> Visitor {
        self.program_of(self.account(key)).await
    }

    /// A program with a token of an account.
    pub async fn program_of(&self, account: AccountId) -> Visitor {
        let token = self.house.chance.token();
        let hash = token.hash();
        let begun =
            self.house.write(move |tx| accounts::actions::begin_token(tx, account, hash, "test", "other"));
        begun.await.expect("a token");
        let mut program = self.stranger();
        program.bearer = Some(token.text());
        program
    }
}

impl Visitor {
    /// Carries this token from now on.
    pub fn bear(&mut self, token: &str) {
        self.bearer = Some(token.to_owned());
    }

    /// A request without a body.
    pub async fn ask(&mut self, method: Method, path: &str) -> Answer {
        self.send_with(method, path, &[("accept", "application/json")], Vec::new()).await
    }

    /// Writes a post under this key.
    pub async fn write_by_key(&mut self, group: GroupId, key: &str, post: &Value) -> Answer {
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        let path = format!("/api/v1/groups/{group}/posts");
        self.send_with(Method::POST, &path, &headers, post.to_string().into_bytes()).await
    }

    /// A JSON body by POST.
    pub async fn tell(&mut self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, &body).await
    }
}

impl Answer {
    /// Asserts that it is a problem of this status, with Japanese words, and answers it.
    ///
    /// # Panics
    /// When it is anything else.
    #[must_use]
    pub fn problem(self, status: u16) -> Value {
        let answer = self.expect(status);
        let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        assert_eq!(kind, Some("application/problem+json"), "{}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{problem}");
        for words in [&problem["title"], &problem["detail"]] {
            assert!(!words.as_str().expect("words").is_ascii(), "{problem}");
        }
        problem
    }
}
