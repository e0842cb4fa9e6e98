//! Places and posts for tests: made through the rooms' own verbs and through requests.

use super::{Visitor, World};
use crate::groups::{self, NewGroup};
use crate::timeline::PostView;
use crate::timeline::{self, access};
use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use std::collections::VecDeque;
use std::time::Duration;
use tasuki_law::nouns::{GroupId, GroupKind, MemberRole, PostId, UploadId};
use tasuki_law::rules::group::EndMembership;

impl World {
    /// A free group of the first person, with the others as members.
    pub async fn free_group(&self, by: &str, name: &'static str, others: &[&str]) -> GroupId {
        let data_key = self.house.mint_key().await.expect("a key");
        let made_by = self.account(by);
        let people: Vec<_> =
            std::iter::once(&by).chain(others).map(|key| (self.account(key), self.seat(key))).collect();
        let made = self.house.write(move |tx| {
            let id = GroupId(tx.draw());
            let (kind, note) = (GroupKind::Free, "");
            let new = NewGroup { id, kind, facility: None, patient: None, name, note, data_key, made_by };
            groups::actions::open(tx, &new)?;
            groups::actions::lock(tx, id)?;
            for (account, seat) in &people {
                let role = if *account == made_by { MemberRole::Admin } else { MemberRole::Member };
                groups::actions::join(tx, id, *account, *seat, role, None)?;
            }
            Ok(id)
        });
        made.await.expect("a group")
    }

    /// The workplace group of a facility.
    pub async fn workplace(&self, facility: &str) -> GroupId {
        let facility = self.facility(facility);
        let found = self.house.read(move |tx| Ok(crate::facilities::card(tx, facility)?.group));
        found.await.expect("a workplace")
    }

    /// Takes a member out of a group, in the name of an administrator.
    pub async fn take_out(&self, by: &str, group: GroupId, member: &str) {
        let (who, account) = (self.who(by), self.account(member));
        let ended = self.house.write(move |tx| {
            let members = groups::members(tx, group)?;
            let member = members.iter().find(|one| one.account == account).expect("a member").member;
            let key: tasuki_law::Key<'_, EndMembership> =
                groups::access::to_end_membership(tx, &who, member)?;
            groups::actions::end_membership(tx, &key)
        });
        ended.await.expect("the membership ends");
    }

    /// The posts of a place as somebody sees them, all of them.
    pub async fn posts(&self, by: &str, group: GroupId) -> Vec<PostView> {
        let who = self.who(by);
        let read = self.house.read(move |tx| {
            let (_, facts, state) = access::to_read(tx, &who, group)?;
            timeline::posts(tx, &who, &facts, &state, 1, state.seq)
        });
        read.await.expect("posts")
    }

    /// What a person has unread in a place, as lists show it.
    pub async fn unread(&self, by: &str, group: GroupId) -> i64 {
        let who = self.who(by);
        let read = self.house.read(move |tx| timeline::places::one(tx, &who, group));
        read.await.expect("a look").expect("a place of theirs").unread
    }
}

impl Visitor {
    /// Writes, confirms and posts, as a person does without script.
    ///
    /// # Panics
    /// When any of the three pages is not what it should be.
    pub async fn write_post(&mut self, group: GroupId, body: &str) -> PostId {
        let (draft, digest) = self.confirmed(group, body).await;
        let posted = self.post(&format!("{draft}/post"), &[("digest", &digest)]).await.expect(303);
        let (_, post) =
            posted.location().split_once("#p-").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a post");
        post.parse().expect("an id")
    }

    /// Up to the confirmation: the draft's address and the digest of what was confirmed.
    ///
    /// # Panics
    /// When one of the pages is not what it should be.
    pub async fn confirmed(&mut self, group: GroupId, body: &str) -> (String, String) {
        let draft = self.get(&format!("/groups/{group}/compose")).await.expect(303).location();
        let saved = self.post(&draft, &[("body", body), ("go", "confirmation")]).await.expect(303);
        let page = self.get(&saved.location()).await.expect(200);
        let digest = page.between("name=\"digest\" value=\"", "\"").expect("a digest");
        (draft, digest)
    }

    /// Sends a file into a draft the way the page's script does.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn send_file(&mut self, group: GroupId, draft: &str, name: &str, bytes: &[u8]) -> UploadId {
        let size = bytes.len().to_string();
        let draft = draft.trim_start_matches("/drafts/");
        let fields = [("draft", draft), ("name", name), ("size", &size), ("type", "image/jpeg")];
        let begun = self.post(&format!("/groups/{group}/uploads"), &fields).await.expect(200).json();
        let id: UploadId = begun["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let _ = self.put_part(id, 0, bytes).await.expect(204);
        let _ = self.post(&format!("/uploads/{id}/completion"), &[]).await.expect(200);
        id
    }

    /// Reads to the end of what is shown and says so, as a person does without script; the page after it.
    ///
    /// # Panics
    /// When there is nothing new.
    pub async fn read_on(&mut self, group: GroupId) -> super::Answer {
        let page = self.get(&format!("/groups/{group}")).await.expect(200);
        let form = page.between("id=\"read-here\"", "</form>").expect("something new");
        let part = |before: &str| {
            form.split_once(before).and_then(|(_, rest)| rest.split_once('"')).map(|(it, _)| it)
        };
        let (action, seq) = (part("action=\""), part("value=\""));
        let to = self
            .post(action.expect("an address"), &[("seq", seq.expect("how far"))])
            .await
            .expect(303)
            .location();
        self.get(&to).await.expect(200)
    }

    /// Opens the page of a place and its stream; with where that is, and from which revision on it tells.
    ///
    /// # Panics
    /// When there is no such page for this visitor.
    pub async fn opened(&mut self, group: GroupId) -> (Heard, String, String) {
        let page = self.get(&format!("/groups/{group}")).await.expect(200);
        let stream = page.between("data-stream=\"", "\"").expect("a stream");
        let rev = page.between("data-rev=\"", "\"").expect("a revision");
        let heard = self.listen(&format!("{stream}?rev={rev}"), &[]).await;
        (heard, stream, rev)
    }

    /// Opens a stream that must flow.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn listen(&mut self, path: &str, headers: &[(&str, &str)]) -> Heard {
        let (status, body) = self.stream(path, headers).await;
        assert_eq!(status.as_u16(), 200, "{path}");
        Heard::new(body)
    }
}

/// One server-sent event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub event: String,
    pub id: String,
    pub data: String,
}

/// An open stream.
pub struct Heard {
    body: BodyDataStream,
    text: String,
    told: VecDeque<Told>,
}

const PATIENCE: Duration = Duration::from_secs(10);
const SILENCE: Duration = Duration::from_millis(300);

impl Heard {
    fn new(body: Body) -> Self {
        Self { body: body.into_data_stream(), text: String::new(), told: VecDeque::new() }
    }

    /// The next event; none: the stream ended.
    ///
    /// # Panics
    /// When nothing comes in ten seconds.
    pub async fn next(&mut self) -> Option<Told> {
        tokio::time::timeout(PATIENCE, self.pull()).await.expect("something in time")
    }

    /// The next event; none: nothing came for a moment, or the stream ended.
    pub async fn soon(&mut self) -> Option<Told> {
        tokio::time::timeout(SILENCE, self.pull()).await.ok().flatten()
    }

    /// Whether nothing comes for a moment.
    pub async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(SILENCE, self.pull()).await.is_err()
    }

    async fn pull(&mut self) -> Option<Told> {
        loop {
            if let Some(told) = self.told.pop_front() {
                return Some(told);
            }
            let chunk = self.body.next().await?.ok()?;
            self.text.push_str(&String::from_utf8_lossy(&chunk));
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let told = Told::parse(block);
                self.told.extend(told);
                self.text = rest.to_owned();
            }
        }
    }
}

impl Told {
    fn parse(block: &str) -> Option<Self> {
        let field = |name: &str| {
            let lines = block.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            lines.map(|value| value.strip_prefix(' ').unwrap_or(value)).collect::<Vec<_>>().join("\n")
        };
        let told = Self { event: field("event"), id: field("id"), data: field("data") };
        // As a browser does: an event without data is none.
        (!told.event.is_empty() && !told.data.is_empty()).then_some(told)
    }

    /// The data as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.data).expect("JSON")
    }
}
