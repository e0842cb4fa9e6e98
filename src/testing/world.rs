//! A whole house in memory and a temporary folder, with the cast at work in it.

use super::cast::{self, ACTORS, Actor, WORKPLACES};
use super::visitor::Visitor;
use crate::accounts::actions::{NewAccount, NewSession};
use crate::accounts::session::COOKIE;
use crate::config::{Config, Support};
use crate::facilities::Details;
use crate::house::Rooms;
use crate::house::{Closing, Meter, Presence, Pulse};
use crate::web::cookie;
use crate::workplaces::actions::Opening;
use crate::{House, Outcome, Tx, accounts, events, serve, workplaces};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tasuki_base::blobs::Blobs;
use tasuki_base::chance::Token;
use tasuki_base::db::Db;
use tasuki_base::mail::Mailer;
use tasuki_base::password::Hasher;
use tasuki_base::seal::{KeyId, Vault};
use tasuki_base::{Chance, Clock};
use tasuki_law::nouns::{AccountId, AccountKind, FacilityId, Person, SeatId, SessionId, SessionKind, Who};
use tasuki_value::Ts;

pub use serve::migrations;

/// A house for one test. Dropping it removes everything.
pub struct World {
    pub house: House,
    people: HashMap<&'static str, Someone>,
    facilities: HashMap<&'static str, FacilityId>,
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
struct Someone {
    account: AccountId,
    seat: SeatId,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leftovers {
    Refused,
    Checked,
    Allowed,
}

/// 2026-11-20 09:00 in Tokyo, a Friday.
const MORNING: Ts = Ts(1_795_132_800_000_000);

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
        let db = open_db(&folder, &name);
        let chance = Chance::seeded(number);
        let vault = Vault::in_memory(&chance);
        let clock = Clock::fixed(MORNING);
        db.migrate(&migrations()).await.expect("migrations run");
        let own_key = serve::own_key(&db, &vault, &chance, clock.now()).await.expect("the house's own key");
        let house = House::new(Rooms {
            config: config(folder.clone()),
            db,
            vault,
            blobs: blobs(&folder),
            mailer,
            hasher: Hasher::new(),
            clock,
            chance,
            relay: events::Relay::default(),
            looks: crate::audit::Looks::default(),
            shelf: crate::house::Shelf::default(),
            presence: Presence::default(),
            pulse: Pulse::default(),
            meter: Meter::default(),
            closing: Closing::default(),
            own_key,
        });
        house.relay.is_heard_by(serve::listeners());
        let (people, facilities) = (HashMap::new(), HashMap::new());
        Self { house, people, facilities, folder, leftovers: Leftovers::Refused }
    }

    /// A house that is kept somewhere else, for the demo to move into; nothing is checked or removed at the end.
    #[must_use]
    pub fn around(house: House) -> Self {
        let (people, facilities) = (HashMap::new(), HashMap::new());
        Self { house, people, facilities, folder: PathBuf::new(), leftovers: Leftovers::Allowed }
    }

    /// Lets somebody of the cast in, with their workplace if they are the first of it.
    pub async fn admit(&mut self, actor: &'static Actor) {
        self.enter(actor).await;
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

    /// The whole cast comes to work.
    pub async fn peopled(mut self) -> Self {
        for workplace in WORKPLACES {
            let staff = ACTORS.iter().filter(|actor| actor.facility == workplace.key);
            for actor in staff {
                self.enter(actor).await;
            }
        }
        self.settle().await;
        self
    }

    async fn enter(&mut self, actor: &'static Actor) {
        let place = cast::WORKPLACES.iter().find(|place| place.key == actor.facility).expect("a workplace");
        let account = AccountId(self.house.chance.uuid(self.house.now()));
        let person_key = self.house.mint_key().await.expect("a key");
        let facility_key = self.house.mint_key().await.expect("a key");
        let password = password_hash(&self.house).await;
        let known = self.facilities.get(place.key).copied();
        let sit = self.house.write(move |tx| {
            open_account(tx, actor, account, &password, person_key)?;
            if let Some(facility) = known {
                let seat = workplaces::actions::take_seat(tx, account, facility, actor.profession)?;
                return Ok((facility, seat));
            }
            let details = address(place);
            let opening = Opening {
                name: place.name,
                kind: place.kind,
                postal_code: place.postal_code,
                details: &details,
                data_key: facility_key,
                founder: account,
                profession: actor.profession,
            };
            workplaces::actions::open(tx, &opening)
        });
        let (facility, seat) = sit.await.expect("a seat");
        self.facilities.insert(place.key, facility);
        self.people.insert(actor.key, Someone { account, seat });
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

fn open_db(folder: &std::path::Path, name: &str) -> Db {
    match std::env::var("TASUKI_TEST_PG") {
        Ok(url) => {
            let schema = name.replace('-', "_");
            Db::pg(&url, 3, Some(&schema)).expect("PostgreSQL answers")
        }
        Err(_) => Db::lite(&folder.join("tasuki.sqlite"), 2).expect("SQLite opens"),
    }
}

async fn password_hash(house: &House) -> String {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    HASH.get_or_init(|| house.hasher.hash(cast::PASSWORD.to_owned(), &house.chance)).await.clone()
}

fn config(data: PathBuf) -> Config {
    Config {
        name: "たすきネット".to_owned(),
        url: "http://tasuki.test".to_owned(),
        data,
        listen: ([127, 0, 0, 1], 0).into(),
        secure: false,
        trusted_proxies: Vec::new(),
        max_file: 50 * 1024 * 1024,
        demo: false,
        sample_people: Vec::new(),
        support: Support {
            name: "たすきネット事務局".to_owned(),
            phone: "000-000-0100".to_owned(),
            mail: "support@example.jp".to_owned(),
            address: "岡山市北区表町1-1".to_owned(),
            hours: "平日 9:00〜17:00".to_owned(),
        },
        mail_from: "noreply@tasuki.test".to_owned(),
        keys_copy: None,
        nightly_turn: false,
    }
}

fn open_account(
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    password: &str,
    data_key: KeyId,
) -> Outcome<()> {
    let email = actor.email();
    let new = NewAccount {
        id: account,
        kind: AccountKind::Professional,
        email: &email,
        email_key: &email,
        family: actor.family,
        given: actor.given,
        family_kana: actor.family_kana,
        given_kana: actor.given_kana,
        profession: actor.profession,
        password,
        data_key,
        terms_version: "1",
    };
    accounts::actions::create(tx, &new)
}

fn address(place: &cast::Workplace) -> Details {
    Details {
        prefecture: place.prefecture.to_owned(),
        address: place.address.to_owned(),
        building: String::new(),
        phone: place.phone.to_owned(),
    }
}
