//! What happens to files.

use super::ContentId;
use super::store::{self, UploadRow};
use crate::errands::{self, Errand, Failed};
use crate::{House, Outcome, Trouble, Tx};
use serde::{Deserialize, Serialize};
use tasuki_base::blobs::Name;
use tasuki_law::nouns::UploadId;
use tasuki_value::DAY;

/// Bytes of a part; the last may hold fewer.
pub const PART: u64 = 5 * 1024 * 1024;

/// How many parts a file of this size has.
#[must_use]
pub const fn parts_of(size: u64) -> u64 {
    size.div_ceil(PART)
}

/// Sealed bytes that nobody will ask for again.
#[derive(Serialize, Deserialize)]
struct Litter {
    upload: UploadId,
    parts: u32,
    content: Option<ContentId>,
}

/// Takes away what lies in the store of a file whose row is gone.
pub const CLEAR: Errand =
    Errand { kind: "media.clear", run: |house, text| Box::pin(async move { clear(&house, &text).await }) };

async fn clear(house: &House, text: &str) -> Result<(), Failed> {
    let litter: Litter = errands::payload(text)?;
    let parts = (0..litter.parts).map(|number| Name::part(litter.upload.0, number));
    let forms =
        litter.content.into_iter().flat_map(|id| [Name::form(id.0, "full"), Name::form(id.0, "thumb")]);
    for name in parts.chain(forms) {
        house.blobs.delete(&name).await.map_err(|_| Failed("store".to_owned()))?;
    }
    Ok(())
}

/// The row goes now, and with the transaction the way to the bytes; the bytes go by errand, and once more a
/// day later, for what was just being written.
pub(super) fn drop_upload(tx: &mut Tx, row: &UploadRow) -> Outcome<()> {
    store::delete(tx, row.id)?;
    let parts = if row.ready_at.is_some() { 0 } else { parts_of(row.size.cast_unsigned()) };
    let parts = u32::try_from(parts).map_err(Trouble::broken)?;
    let litter = Litter { upload: row.id, parts, content: row.content };
    let now = tx.now();
    errands::send(tx, CLEAR.kind, &litter, None, now)?;
    if row.ready_at.is_none() {
        errands::send(tx, CLEAR.kind, &litter, None, now.plus(DAY))?;
    }
    Ok(())
}
