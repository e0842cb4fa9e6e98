//! Sealed files on their own way into the second place: a large one must not hold the rows up.

use crate::House;
use crate::config::{CopyTo, Files, Plan};
use crate::program::Said;
use crate::program::places::{far, place};
use std::collections::HashSet;
use std::time::Duration;
use tasuki_base::blobs::{BlobError, Name, Place};
use tasuki_value::{DAY, MINUTE, Ts};

const LOOK: Duration = Duration::from_millis(500);
const FOLDER: &str = "files";

/// Copies what is stored from now on, and first of all what is not there yet. Files in a bucket stay where they are:
/// they are not lost with the data folder.
pub async fn run(house: House, plan: Plan, to: CopyTo) {
    let (Some(heard), Files::Folder(_)) = (house.blobs.heard().cloned(), &plan.files) else { return };
    let (mut opened, mut waiting, mut swept_at) = (None, None::<Vec<Name>>, Ts(0));
    loop {
        let fresh = heard.take();
        if let Some(waiting) = &mut waiting {
            waiting.extend(fresh);
        }
        // What went wrong is tried again; the rows' way tells when the place is away.
        if opened.is_none() {
            opened = place(&plan, &to.data).ok();
        }
        if let Some(place) = &opened {
            if waiting.is_none() {
                waiting = missing(&house, place).await.ok();
            }
            if let Some(waiting) = &mut waiting {
                let _ = send(&house, place, waiting).await;
            }
            let now = house.now();
            let in_step = house.pulse.copy_lag(now).is_some_and(|lag| lag < MINUTE);
            if in_step && now.since(swept_at) >= DAY && sweep(&house, place).await.is_ok() {
                // And all is looked through again: somebody may have emptied the place.
                (swept_at, waiting) = (now, None);
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

pub fn spot(name: &Name) -> String {
    format!("{FOLDER}/{}", name.text())
}

/// The names of what lies in the second place, with their lengths.
pub async fn there(place: &Place) -> Said<Vec<(Name, u64)>> {
    let listed = place.list(FOLDER).await.map_err(|error| far(place, &error))?;
    let ours = |(name, size): (String, u64)| Some((Name::parse(name.strip_prefix("files/")?)?, size));
    Ok(listed.into_iter().filter_map(ours).collect())
}

async fn here(house: &House) -> Said<Vec<(Name, u64)>> {
    house.blobs.list().await.map_err(|error| vec![crate::phrases::program::no_files(&error)])
}

async fn missing(house: &House, place: &Place) -> Said<Vec<Name>> {
    let there: HashSet<(Name, u64)> = there(place).await?.into_iter().collect();
    let here = here(house).await?.into_iter().filter(|file| !there.contains(file));
    Ok(here.map(|(name, _)| name).collect())
}

async fn send(house: &House, place: &Place, waiting: &mut Vec<Name>) -> Said<()> {
    while let Some(name) = waiting.last() {
        match house.blobs.get(name).await {
            // What only tries whether the store answers is no file.
            Ok(bytes) if Name::parse(name.text()).is_some() => {
                place.put(&spot(name), bytes).await.map_err(|error| far(place, &error))?;
            }
            // Swept away since it was stored.
            Ok(_) | Err(BlobError::Missing) => {}
            Err(error) => return Err(vec![crate::phrases::program::no_files(&error)]),
        }
        waiting.pop();
    }
    Ok(())
}

/// Removes what the house has no more. It keeps a file for a day after the last row that names it, and the rows over
/// there are seconds old.
async fn sweep(house: &House, place: &Place) -> Said<()> {
    let there = there(place).await?;
    // Listed after: whatever is over there and not here is gone for good.
    let here: HashSet<Name> = here(house).await?.into_iter().map(|(name, _)| name).collect();
    for (name, _) in there.iter().filter(|(name, _)| !here.contains(name)) {
        place.delete(&spot(name)).await.map_err(|error| far(place, &error))?;
    }
    Ok(())
}
