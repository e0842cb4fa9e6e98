//! How the cast comes into a house: an account each, a workplace for the first of it, a seat.

use super::cast::{self, ACTORS, Actor, WORKPLACES};
use super::world::{Someone, World};
use crate::accounts::actions::NewAccount;
use crate::facilities::Details;
use crate::workplaces::actions::Opening;
use crate::{House, Outcome, Tx, accounts, workplaces};
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{AccountId, AccountKind};

impl World {
    /// Lets somebody of the cast in, with their workplace if they are the first of it.
    pub async fn admit(&mut self, actor: &'static Actor) {
        self.enter(actor).await;
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
}

async fn password_hash(house: &House) -> String {
    static HASH: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    HASH.get_or_init(|| house.hasher.hash(cast::PASSWORD.to_owned(), &house.chance)).await.clone()
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
