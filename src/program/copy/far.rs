//! What lies in the second place, under which name, sealed for exactly that spot.
//!
//! ```text
//! eras/ERA/log/NUMBER          pages that commits left behind, one piece after the other without a gap
//! eras/ERA/base/NUMBER/PIECE   the database's file as it lay there while the log stood at NUMBER
//! eras/ERA/base/NUMBER/ready   the last thing written of a base
//! files/…                      sealed files, under the names they have in the store
//! alive                        how far the copy is, once a minute
//! ```

use crate::phrases::backup as words;
use crate::program::Said;
use crate::program::places::far;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tasuki_base::Chance;
use tasuki_base::blobs::{BlobError, Place};
use tasuki_base::db::log::{Mark, Pages};
use tasuki_base::seal::Vault;

/// Where in the second place; ordered by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// One unbroken log; the next begins where the one before was lost.
    pub era: u64,
    /// Of a piece of the log, from 1.
    pub number: u64,
}

/// A name in the second place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Log(Spot),
    Base(Spot, u64),
    Ready(Spot),
}

impl Thing {
    pub fn name(self) -> String {
        match self {
            Self::Log(Spot { era, number }) => format!("eras/{era:08}/log/{number:012}"),
            Self::Base(Spot { era, number }, piece) => {
                format!("eras/{era:08}/base/{number:012}/{piece:06}")
            }
            Self::Ready(Spot { era, number }) => format!("eras/{era:08}/base/{number:012}/ready"),
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        let pieces: Vec<&str> = name.split('/').collect();
        let spot =
            |era: &str, number: &str| Some(Spot { era: era.parse().ok()?, number: number.parse().ok()? });
        match *pieces.as_slice() {
            ["eras", era, "log", number] => Some(Self::Log(spot(era, number)?)),
            ["eras", era, "base", number, "ready"] => Some(Self::Ready(spot(era, number)?)),
            ["eras", era, "base", number, piece] => Some(Self::Base(spot(era, number)?, piece.parse().ok()?)),
            _ => None,
        }
    }

    pub const fn spot(self) -> Spot {
        match self {
            Self::Log(spot) | Self::Base(spot, _) | Self::Ready(spot) => spot,
        }
    }
}

/// What stands before the pages of a piece of the log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// Everything committed until then is in this piece or before it.
    pub at: i64,
    /// How far the log was drawn with it.
    pub mark: Option<Mark>,
}

/// A base is whole, and right once the log from `number` up to, not including, `until` is laid over it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ready {
    pub at: i64,
    pub until: u64,
    pub pieces: u64,
    /// Over all pieces in their order.
    pub hash: [u8; 32],
}

/// How far the copy is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Alive {
    /// Everything committed until then was in the copy.
    pub at: i64,
    pub era: u64,
    /// The last piece of the log then.
    pub number: u64,
}

pub const ALIVE: &str = "alive";

/// The second place, with what seals for it.
#[derive(Clone)]
pub struct Far {
    pub place: Place,
    vault: Vault,
    chance: Chance,
}

impl Far {
    pub const fn new(place: Place, vault: Vault, chance: Chance) -> Self {
        Self { place, vault, chance }
    }

    /// Sealed for this name: under another it does not open, so nothing can be moved or exchanged unseen.
    pub fn seal(&self, name: &str, plain: &[u8]) -> Bytes {
        self.vault.seal_copy(&self.chance, &[b"continuous", name.as_bytes()], plain).into()
    }

    pub async fn put(&self, name: &str, sealed: Bytes) -> Said<()> {
        self.place.put(name, sealed).await.map(drop).map_err(|error| far(&self.place, &error))
    }

    pub async fn holds(&self, name: &str) -> Said<bool> {
        self.place.holds(name).await.map_err(|error| far(&self.place, &error))
    }

    pub async fn open(&self, name: &str) -> Said<Vec<u8>> {
        match self.place.get(name).await {
            Ok(sealed) => {
                let opened = self.vault.open_copy(&[b"continuous", name.as_bytes()], &sealed);
                opened.map_err(|_| vec![words::piece_damaged(name)])
            }
            Err(BlobError::Missing) => Err(vec![words::piece_damaged(name)]),
            Err(error) => Err(far(&self.place, &error)),
        }
    }

    pub fn seal_json(&self, name: &str, what: &impl Serialize) -> Bytes {
        self.seal(name, &serde_json::to_vec(what).unwrap_or_default())
    }

    pub async fn open_json<T: DeserializeOwned>(&self, name: &str) -> Said<T> {
        let json = self.open(name).await?;
        serde_json::from_slice(&json).map_err(|_| vec![words::piece_damaged(name)])
    }

    pub fn seal_log(&self, spot: Spot, head: &Head, pages: &Pages) -> Bytes {
        let head = serde_json::to_vec(head).unwrap_or_default();
        let mut plain = (head.len() as u32).to_be_bytes().to_vec();
        plain.extend(head);
        plain.extend(pages.to_bytes());
        self.seal(&Thing::Log(spot).name(), &plain)
    }

    pub async fn open_log(&self, spot: Spot) -> Said<(Head, Pages)> {
        let name = Thing::Log(spot).name();
        let plain = self.open(&name).await?;
        let read = || {
            let (length, rest) = plain.split_first_chunk::<4>()?;
            let (head, pages) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            Some((serde_json::from_slice(head).ok()?, Pages::from_bytes(pages)?))
        };
        read().ok_or_else(|| vec![words::piece_damaged(&name)])
    }

    /// Everything of every era.
    pub async fn things(&self) -> Said<Vec<Thing>> {
        let names = self.place.list("eras").await.map_err(|error| far(&self.place, &error))?;
        Ok(names.iter().filter_map(|(name, _)| Thing::parse(name)).collect())
    }

    /// The newest of the places that are told apart by their number, when there is one.
    pub async fn newest_era(&self) -> Said<u64> {
        let eras = self.place.folders("eras").await.map_err(|error| far(&self.place, &error))?;
        Ok(eras.iter().filter_map(|era| era.parse().ok()).max().unwrap_or(0))
    }

    /// The numbers of an era's pieces of the log, in order.
    pub async fn log_of(&self, era: u64) -> Said<Vec<u64>> {
        let names = self.place.list(&format!("eras/{era:08}/log")).await;
        let names = names.map_err(|error| far(&self.place, &error))?;
        let things = names.iter().filter_map(|(name, _)| Thing::parse(name));
        let mut numbers: Vec<u64> = things.map(|thing| thing.spot().number).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }
}
