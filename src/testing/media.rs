//! Files for tests: sent the way the page's script sends them.

use super::{Answer, Visitor, World};
use crate::accounts;
use crate::media::{Announced, Purpose, PurposeKind, actions};
use crate::web::Form;
use axum::http::Method;
use tasuki_law::nouns::{DraftId, UploadId};

impl World {
    /// What a room would say of a person of the cast who sends something under their own key.
    ///
    /// # Panics
    /// When nobody is called so.
    pub async fn purpose(&self, key: &str, kind: PurposeKind, draft: Option<DraftId>) -> Purpose {
        let account = self.account(key);
        let card = self.house.read(move |tx| accounts::card(tx, account)).await.expect("an account");
        Purpose { account, data_key: card.data_key, draft, kind }
    }

    /// An id that no draft has yet.
    #[must_use]
    pub fn some_draft(&self) -> DraftId {
        DraftId(self.house.chance.uuid(self.house.now()))
    }

    /// Announces a file, as the calling room does; the words of a refusal otherwise.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn begin_upload(&self, purpose: &Purpose, name: &str, size: u64) -> Result<UploadId, String> {
        let media_type = if name.ends_with(".mp4") { "video/mp4" } else { "" };
        let query = [("name", name), ("size", &size.to_string()), ("type", media_type)];
        let query = serde_urlencoded::to_string(query).expect("fields are text");
        let (purpose, file) = (*purpose, Announced::read(&self.house, &Form::of_query(&query)));
        let begun = self.house.write(move |tx| actions::start(tx, &purpose, &file)).await;
        begun.expect("an answer").map_err(|fault| fault.words())
    }

    /// Sends a whole file and answers what the browser was told at the end.
    ///
    /// # Panics
    /// When it is refused before its first byte, or a part is refused otherwise than in words.
    pub async fn upload(
        &self,
        visitor: &mut Visitor,
        purpose: &Purpose,
        name: &str,
        bytes: &[u8],
    ) -> (UploadId, Answer) {
        let id = self.begin_upload(purpose, name, bytes.len() as u64).await.expect("it may begin");
        for (number, part) in bytes.chunks(5 * 1024 * 1024).enumerate() {
            let answer = visitor.put_part(id, number, part).await;
            if answer.status == 422 {
                return (id, answer);
            }
            let _ = answer.expect(204);
        }
        (id, visitor.post(&format!("/uploads/{id}/completion"), &[]).await)
    }
}

impl Visitor {
    /// Sends one part.
    pub async fn put_part(&mut self, upload: UploadId, number: usize, bytes: &[u8]) -> Answer {
        let path = format!("/uploads/{upload}/parts/{number}");
        self.send(Method::PUT, &path, "application/octet-stream", bytes.to_vec()).await
    }
}
