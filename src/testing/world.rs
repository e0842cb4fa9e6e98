//! A whole house in memory and a temporary folder, with the cast at work in it.

use super::rooms;
use super::visitor::Visitor;
use crate::accounts::actions::NewSession;
use crate::accounts::session::COOKIE;
use crate::web::cookie;
use crate::{House, accounts, events, serve};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tasuki_base::blobs::Blobs;
use tasuki_base::chance::Token;
use tasuki_base::mail::Mailer;
use tasuki_law::nouns::{AccountId, AccountKind, FacilityId, Person, SeatId, SessionId, SessionKind, Who};

pub use serve::migrations;

/// A house for one test. Dropping it removes everything.
pub struct World {
    pub house: House,
    pub(super) people: HashMap<&'static str, Someone>,
    pub(super) facilities: HashMap<&'static str, FacilityId>,
    folder: PathBuf,
    leftovers: Leftovers,
}

/// A house on a socket.
pub struct Served {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Someone {
    pub account: AccountId,
    pub seat: SeatId,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leftovers {
    Refused,
    Checked,
    Allowed,
}

impl World {
    /// An empty house, as after the first start.
    pub async fn empty() -> Self {
        Self::with_mailer(Mailer::held()).await
    }

    /// An empty house that sends its mails.
    pub async fn with_mailer(mailer: Mailer) -> Self {
        Self::made(mailer, |_| Blobs::memory()).await
    }

    /// The cast in a house whose files lie in a folder, as where it is in use.
    pub async fn on_disk() -> Self {
        let folder = |data: &Path| Blobs::folder(&data.join("blobs")).expect("a folder for files");
        Self::made(Mailer::held(), folder).await.peopled().await
    }

    async fn made(mailer: Mailer, blobs: impl Fn(&Path) -> Blobs) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("tasuki-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let house = rooms::house(&folder, &name, number, mailer, blobs(&folder)).await;
        let (people, facilities) = (HashMap::new(), HashMap::new());
        Self { house, people, facilities, folder, leftovers: Leftovers::Refused }
    }

    /// A house that is kept somewhere else, for the demo to move into; nothing is checked or removed at the end.
    #[must_use]
    pub fn around(house: House) -> Self {
        let (people, facilities) = (HashMap::new(), HashMap::new());
        Self { house, people, facilities, folder: PathBuf::new(), leftovers: Leftovers::Allowed }
    }

    /// A house with the whole cast at their workplaces, and nothing else.
    pub async fn with_cast() -> Self {
        Self::empty().await.peopled().await
    }

    /// The same people in a house that was moved.
    #[must_use]
    pub fn moved(&self, house: House) -> Self {
        let mut world = Self::around(house);
        world.people.clone_from(&self.people);
        world.facilities.clone_from(&self.facilities);
        world
    }

    /// Where the house keeps what it keeps.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The account of a person of the cast.
    ///
    /// # Panics
    /// When nobody is called so.
    #[must_use]
    pub fn account(&self, key: &str) -> AccountId {
        self.people.get(key).unwrap_or_else(|| panic!("nobody is called {key}")).account
    }

    /// The first seat of a person of the cast.
    ///
    /// # Panics
    /// When nobody is called so.
    #[must_use]
    pub fn seat(&self, key: &str) -> SeatId {
        self.people.get(key).unwrap_or_else(|| panic!("nobody is called {key}")).seat
    }

    /// A workplace of the cast.
    ///
    /// # Panics
    /// When none is called so.
    #[must_use]
    pub fn facility(&self, key: &str) -> FacilityId {
        *self.facilities.get(key).unwrap_or_else(|| panic!("no workplace is called {key}"))
    }

    /// A form that somebody sent too late, in the browser with this cookie `device`.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn kept_form(&self, by: &str, device: &Token) -> tasuki_law::nouns::KeptId {
        let (account, device) = (self.account(by), device.hash());
        let fields = vec![("about".to_owned(), "送れなかった言葉".to_owned())];
        let kept = accounts::kept::Kept { from: "/profile".to_owned(), path: "/profile".to_owned(), fields };
        let put = self.house.write(move |tx| accounts::kept::put(tx, account, &device, &kept));
        put.await.expect("kept")
    }

    /// From now on every workplace is of a region whose office confirms them, and has confirmed none yet.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn under_an_office(&self) {
        let all = "UPDATE facilities SET policy = 'okayama', vouched_at = NULL";
        let change = move |tx: &mut tasuki_base::db::Tx<'_>| tx.exec(all, &[]);
        self.house.db.write::<_, tasuki_base::db::Error>(change).await.expect("a region");
    }

    /// A person of the cast as the law sees them, for calling rooms directly.
    #[must_use]
    pub fn who(&self, key: &str) -> Who {
        Who::Person(Person {
            account: self.account(key),
            session: SessionId(self.account(key).0),
            kind: AccountKind::Professional,
            operator: false,
        })
    }

    /// A browser with nobody signed in.
    #[must_use]
    pub fn stranger(&self) -> Visitor {
        let router = crate::router::router(self.house.clone());
        Visitor { router, house: self.house.clone(), cookies: Vec::new(), bearer: None }
    }

    /// A browser in which a person of the cast is signed in already.
    pub async fn visit(&self, key: &str) -> Visitor {
        self.visit_account(self.account(key)).await
    }

    /// A browser in which the person of an account is signed in already.
    pub async fn visit_account(&self, account: AccountId) -> Visitor {
        let token = self.begin_session(account).await;
        let mut visitor = self.stranger();
        visitor.cookies.push((cookie::full_name(&self.house, COOKIE), token.text()));
        visitor
    }

    /// A session of an account, by the token that opens it.
    pub async fn begin_session(&self, account: AccountId) -> Token {
        let token = self.house.chance.token();
        let hash = token.hash();
        let begun = self.house.write(move |tx| {
            let id = SessionId(tx.draw());
            let new = NewSession {
                id,
                account,
                kind: SessionKind::Browser,
                token: hash,
                label: None,
                device: "other",
                phone: true,
            };
            accounts::actions::begin_session(tx, &new)
        });
        begun.await.expect("a session");
        token
    }

    /// The house on a real socket, with its relay and its errands running, until the answer is dropped.
    pub async fn serve(&self) -> Served {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = crate::router::router(self.house.clone());
        let house = self.house.clone();
        let tasks = vec![
            tokio::spawn(async move { crate::program::door::serve(listener, router, &house).await }),
            tokio::spawn(events::run(self.house.clone(), serve::listeners())),
            tokio::spawn(crate::errands::run(self.house.clone(), serve::errands(), std::future::pending())),
        ];
        Served { url, tasks }
    }

    /// Lets everything happen that is due now: events heard, jobs done.
    pub async fn settle(&self) {
        serve::settle(&self.house).await.expect("the house settles");
    }

    /// Moves the clock.
    pub fn later(&self, span: i64) {
        self.house.clock.advance(span);
    }

    /// The last check of every test: nothing is left undone, and nothing died.
    ///
    /// # Panics
    /// When an event was not heard, or a job is due or dead.
    pub async fn close(mut self) {
        self.settle().await;
        let left = serve::leftovers(&self.house).await.expect("a look at the jobs");
        assert!(left.is_empty(), "left behind: {left:?}");
        self.leftovers = Leftovers::Checked;
    }

    /// For tests that leave something undone on purpose.
    pub fn close_with_leftovers(mut self) {
        self.leftovers = Leftovers::Allowed;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        // A test that fails already says enough.
        let unchecked = self.leftovers == Leftovers::Refused && !std::thread::panicking();
        assert!(!unchecked, "a test ends with world.close().await");
    }
}
