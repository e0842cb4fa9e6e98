//! Bytes into the store and out again, sealed. What is written here is never plain, not even for a moment.

use super::{ContentId, Variant};
use crate::{House, Outcome, Trouble};
use bytes::Bytes;
use tasuki_base::blobs::Name;
use tasuki_base::hash::hex;
use tasuki_base::seal::{DataKey, FileKey, sealed_len};
use tasuki_law::nouns::UploadId;

/// Random bytes behind every part: a part sent twice, with other bytes perhaps, is sealed under two keys.
const SALT: usize = 16;

fn part_key(key: &DataKey, upload: UploadId, number: u32, salt: &[u8]) -> FileKey {
    key.file_key(upload.0, &format!("part {number} {}", hex(salt)))
}

/// Sealed away from the threads that others wait for: a film takes a while.
async fn sealed(key: FileKey, plain: Vec<u8>) -> Outcome<Vec<u8>> {
    tokio::task::spawn_blocking(move || key.seal_whole(&plain)).await.map_err(Trouble::broken)
}

/// Writes a part; durable when it returns.
pub async fn put_part(
    house: &House,
    key: &DataKey,
    upload: UploadId,
    number: u32,
    plain: Vec<u8>,
) -> Outcome<()> {
    let salt: [u8; SALT] = house.chance.bytes();
    let mut sealed = sealed(part_key(key, upload, number, &salt), plain).await?;
    sealed.extend_from_slice(&salt);
    let name = Name::part(upload.0, number);
    Ok(house.blobs.put(&name, Bytes::from(sealed)).await?)
}

/// Reads a part of this length back, behind what is in `whole` already.
pub async fn append_part(
    house: &House,
    key: &DataKey,
    upload: UploadId,
    (number, length): (u32, u64),
    whole: &mut Vec<u8>,
) -> Outcome<()> {
    let sealed = house.blobs.get(&Name::part(upload.0, number)).await?;
    let Some((sealed, salt)) = sealed.split_last_chunk::<SALT>() else {
        return Err(Trouble::broken("a part without its salt"));
    };
    let plain = part_key(key, upload, number, salt).open_range(length, 0..length, sealed)?;
    whole.extend_from_slice(&plain);
    Ok(())
}

/// Forgets a part that came too late.
pub async fn forget_part(house: &House, upload: UploadId, number: u32) -> Outcome<()> {
    Ok(house.blobs.delete(&Name::part(upload.0, number)).await?)
}

/// Writes one form of a finished file; durable when it returns. Once for each content and form.
pub async fn put_form(
    house: &House,
    key: &DataKey,
    content: ContentId,
    variant: Variant,
    plain: Vec<u8>,
) -> Outcome<()> {
    let length = plain.len() as u64;
    let sealed = sealed(key.file_key(content.0, variant.word()), plain).await?;
    debug_assert_eq!(sealed.len() as u64, sealed_len(length));
    let name = Name::form(content.0, variant.word());
    Ok(house.blobs.put(&name, Bytes::from(sealed)).await?)
}
