//! The made-up people, their workplaces and the places they share: by the rooms' own verbs, many in a transaction.

use super::words;
use crate::accounts::actions::NewAccount;
use crate::consents::actions::Taken;
use crate::facilities::Details;
use crate::patients::Facts;
use crate::patients::actions::Registration;
use crate::workplaces::actions::Opening;
use crate::{
    House, Outcome, Trouble, Tx, accounts, consents, facilities, free_groups, groups, patients, workplaces,
};
use futures_util::future::try_join_all;
use tasuki_base::seal::KeyId;
use tasuki_base::text;
use tasuki_law::nouns::{
    AccountId, AccountKind, ConsentMethod, FacilityId, GroupId, MemberRole, Person, SeatId, SessionId, Sex,
    Signer, Who,
};
use uuid::Uuid;

/// So many work at one workplace.
pub const STAFF: usize = 25;
/// Keys wait for the disk together.
const AT_ONCE: usize = 250;

/// Somebody made up, at their workplace.
#[derive(Clone, Copy, Debug)]
pub struct Worker {
    pub account: AccountId,
    pub seat: SeatId,
    pub facility: FacilityId,
}

impl Worker {
    pub fn who(&self) -> Who {
        let session = SessionId(Uuid::nil());
        Who::Person(Person {
            account: self.account,
            session,
            kind: AccountKind::Professional,
            operator: false,
        })
    }
}

/// A place and who is in it.
#[derive(Clone, Debug)]
pub struct Shared {
    pub group: GroupId,
    pub members: Vec<Worker>,
}

/// The mail address of a number.
pub fn mail(number: usize) -> String {
    format!("p{:06}@example.jp", number + 1)
}

/// So many new keys.
pub async fn keys(house: &House, count: usize) -> Outcome<Vec<KeyId>> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let now = AT_ONCE.min(count - all.len());
        all.extend(try_join_all((0..now).map(|_| house.mint_key())).await?);
    }
    Ok(all)
}

/// One workplace with its staff, whose numbers begin at `first`; the first of them founds it. The keys are for the
/// workplace and each of them.
pub async fn workplace(house: &House, first: usize, password: &str, keys: &[KeyId]) -> Outcome<Shared> {
    let (keys, password) = (keys.to_vec(), password.to_owned());
    house
        .write(move |tx| {
            let mut members: Vec<Worker> = Vec::with_capacity(STAFF);
            for (number, key) in (first..).zip(&keys[1..]) {
                let account = register(tx, number, *key, &password)?;
                let known = members.first().map(|founder| founder.facility);
                let (facility, seat) = sit(tx, number, account, known, keys[0])?;
                members.push(Worker { account, seat, facility });
            }
            let founder = members.first().ok_or_else(Trouble::unseen)?;
            let group = facilities::card(tx, founder.facility)?.group;
            Ok(Shared { group, members })
        })
        .await
}

fn register(tx: &mut Tx, number: usize, data_key: KeyId, password: &str) -> Outcome<AccountId> {
    let account = AccountId(tx.draw());
    let (family, family_kana) = words::FAMILIES[number % words::FAMILIES.len()];
    let (given, given_kana) = words::GIVENS[number / words::FAMILIES.len() % words::GIVENS.len()];
    let email = mail(number);
    let new = NewAccount {
        id: account,
        kind: AccountKind::Professional,
        email: &email,
        email_key: &email,
        family,
        given,
        family_kana,
        given_kana,
        profession: words::PROFESSIONS[number % words::PROFESSIONS.len()],
        password,
        data_key,
        terms_version: accounts::TERMS_VERSION,
    };
    accounts::actions::create(tx, &new)?;
    Ok(account)
}

fn sit(
    tx: &mut Tx,
    number: usize,
    account: AccountId,
    known: Option<FacilityId>,
    data_key: KeyId,
) -> Outcome<(FacilityId, SeatId)> {
    let profession = words::PROFESSIONS[number % words::PROFESSIONS.len()];
    if let Some(facility) = known {
        return Ok((facility, workplaces::actions::take_seat(tx, account, facility, profession)?));
    }
    let (name, kind) = words::facility(number / STAFF);
    let (prefecture, address) = words::ADDRESS;
    let details = Details {
        prefecture: prefecture.to_owned(),
        address: address.to_owned(),
        building: String::new(),
        phone: "0000000000".to_owned(),
    };
    let opening = Opening {
        name: &name,
        kind,
        postal_code: "7000835",
        details: &details,
        data_key,
        founder: account,
        profession,
    };
    workplaces::actions::open(tx, &opening)
}

/// A patient with consent, of the team's first one's workplace; the others come in through their own seats.
pub async fn patient(house: &House, number: usize, team: Vec<Worker>, data_key: KeyId) -> Outcome<Shared> {
    house
        .write(move |tx| {
            let founder = team.first().ok_or_else(Trouble::unseen)?;
            let (home, away): (Vec<&Worker>, Vec<&Worker>) =
                team[1..].iter().partition(|worker| worker.facility == founder.facility);
            let staff: Vec<SeatId> = home.iter().map(|worker| worker.seat).collect();
            let key = facilities::access::to_register_patient(tx, &founder.who(), founder.facility)?;
            let new = Registration { facts: &facts(number), data_key, staff: &staff };
            let id = patients::actions::register(tx, &key, &new)?;
            let key = consents::access::to_record(tx, &founder.who(), id)?;
            let details = agreed(tx);
            let method = ConsentMethod::WrittenRegionForm;
            consents::actions::record(tx, &key, &Taken { method, details: &details, scan: None })?;
            let group = patients::patient(tx, id)?.group;
            enter(tx, group, &away, founder.account)?;
            Ok(Shared { group, members: team.clone() })
        })
        .await
}

fn facts(number: usize) -> Facts {
    let (family, family_kana) = words::FAMILIES[number % words::FAMILIES.len()];
    let (given, given_kana) = words::GIVENS[number * 7 % words::GIVENS.len()];
    let sex = if number.is_multiple_of(2) { Sex::Female } else { Sex::Male };
    Facts {
        family_kana: family_kana.to_owned(),
        given_kana: given_kana.to_owned(),
        ..Facts::named(family, given, sex)
    }
}

fn agreed(tx: &Tx) -> consents::Details {
    consents::Details {
        given_on: text::local_date(tx.now()).to_string(),
        given_at: String::new(),
        signer: Signer::Patient,
        signer_name: words::FAMILIES[0].0.to_owned(),
        relationship: None,
        relationship_words: String::new(),
        explainer_name: words::FAMILIES[1].0.to_owned(),
        explainer_facility: String::new(),
        explainer_phone: String::new(),
        heard_by: String::new(),
        witness: String::new(),
        means: String::new(),
    }
}

/// A free group of the first one, with the others in it.
pub async fn circle(house: &House, team: Vec<Worker>) -> Outcome<Shared> {
    let data_key = house.mint_key().await?;
    house
        .write(move |tx| {
            let founder = team.first().ok_or_else(Trouble::unseen)?;
            let key = groups::access::to_create_free(tx, &founder.who(), None)?;
            let group = free_groups::actions::create(tx, &key, words::GROUP, data_key)?;
            enter(tx, group, &team[1..].iter().collect::<Vec<_>>(), founder.account)?;
            Ok(Shared { group, members: team.clone() })
        })
        .await
}

fn enter(tx: &mut Tx, group: GroupId, workers: &[&Worker], by: AccountId) -> Outcome<()> {
    groups::actions::lock(tx, group)?;
    for worker in workers {
        groups::actions::join(tx, group, worker.account, worker.seat, MemberRole::Member, Some(by))?;
    }
    Ok(())
}
