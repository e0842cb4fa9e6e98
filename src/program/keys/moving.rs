//! The keyring in another place: from a folder into a bucket, or out of one.

use super::{Said, off, opened};
use crate::config::{self, Plan};
use crate::phrases::keys as words;
use tasuki_base::seal;

/// Brings the keyring to another place, opens it there, and leaves word in the old one. Nodes that are open go on until
/// each is started with the new place. It may be killed at any point, and be called again.
///
/// # Errors
/// Says what is missing or in the way; the old place is in use then.
pub async fn move_to(plan: Plan, to: &str) -> Said<()> {
    let to = config::keyring(to, plan.keyring_s3.as_ref()).map_err(|words| vec![words])?;
    if to.to_string() == plan.keyring.to_string() {
        return Err(vec![words::moved_to_itself(&to)]);
    }
    let (db, vault) = opened(&plan).await?;
    let (moving, there) = (vault.clone(), to.clone());
    let moved = off(move || moving.move_keyring(&there)).await?;
    let found = seal::verify(&db, &moved).await.map_err(|error| vec![words::no_turn(&error)])?;
    println!("{}", words::moved(&plan.keyring, &to, found.living));
    Ok(())
}
