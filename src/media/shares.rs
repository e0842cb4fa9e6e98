//! What files cost the house, shared fairly: memory while they come in, memory and processor while they are
//! finished. Whoever sends much, or slowly, waits behind themselves alone.

use crate::{Outcome, Trouble};
use std::sync::LazyLock;
use std::time::Duration;
use tasuki_base::fair::{Fair, Rule, Seat};
use tasuki_law::nouns::AccountId;

const MB: u64 = 1024 * 1024;
/// So long somebody waits for their turn to send.
const TURN: Duration = Duration::from_secs(60);
/// A sender from whom nothing comes for so long is cut.
pub const PAUSE: Duration = Duration::from_secs(20);

/// A share of one account; given back when it is dropped.
pub type Share = Seat<AccountId>;

/// Parts and forms on their way in, in megabytes of memory.
static RECEIVING: LazyLock<Fair<AccountId>> =
    LazyLock::new(|| Fair::new(Rule { total: 240, each: 20, waiting: 32 }));
/// One file of each account is finished at a time: twenty-four pictures of one are one in everybody's way. Asked for
/// the same file twice, the second finds it in.
static FINISHING: LazyLock<Fair<AccountId>> =
    LazyLock::new(|| Fair::new(Rule { total: u32::MAX, each: 1, waiting: 64 }));
/// Whole files in memory, in megabytes.
static TABLE: LazyLock<Fair<AccountId>> =
    LazyLock::new(|| Fair::new(Rule { total: SEATS, each: SEATS, waiting: 4 }));
const SEATS: u32 = 256;
/// One picture at a time: opening it may take 256 MiB.
static EASEL: LazyLock<Fair<AccountId>> = LazyLock::new(|| Fair::new(Rule { total: 1, each: 1, waiting: 4 }));
/// Films and documents are looked through beside it, one at a time: pages and passwords keep their processor.
static BENCH: LazyLock<Fair<AccountId>> = LazyLock::new(|| Fair::new(Rule { total: 1, each: 1, waiting: 4 }));

async fn share(of: &Fair<AccountId>, account: AccountId, wanted: u64) -> Outcome<Share> {
    let wanted = u32::try_from(wanted).unwrap_or(u32::MAX);
    of.take(account, wanted).await.map_err(|_| Trouble::Busy)
}

/// Room for so many bytes of a part or a form.
pub async fn receiving(account: AccountId, bytes: u64) -> Outcome<Share> {
    let taken = tokio::time::timeout(TURN, share(&RECEIVING, account, bytes.div_ceil(MB))).await;
    taken.map_err(|_| Trouble::Busy)?
}

/// The turn of an account to have a file finished.
pub async fn finishing(account: AccountId) -> Outcome<Share> {
    share(&FINISHING, account, 1).await
}

/// Room for a whole file: it lies there twice, as it came and as it goes, with one part of it sealed and open.
pub async fn table(account: AccountId, size: u64) -> Outcome<Share> {
    share(&TABLE, account, 2 * size.div_ceil(MB) + 12).await
}

/// Where a file is worked on; the share goes along with the work, so that who stops waiting frees nothing early.
pub async fn place(account: AccountId, picture: bool) -> Outcome<Share> {
    share(if picture { &EASEL } else { &BENCH }, account, 1).await
}
