//! The rules of a region, as data: `policies/*.toml`. A fourth region is a new file, never a new release.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use tasuki_law::rules::group::Approver;

/// What a region decides for itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The code stored with a facility.
    pub code: String,
    /// The network's own name.
    pub name: String,
    /// Who approves an invitation made by a member without rights: `facility_admin` or `group_admin`.
    #[serde(deserialize_with = "approver")]
    pub approver: Approver,
    /// The group name of a patient, `{name}` standing for the patient's.
    pub patient_group_name: String,
    /// There is an office that confirms facilities: until it has, they are told to be unconfirmed.
    #[serde(default)]
    pub office: bool,
    /// Only a photo of the face may stand in a profile.
    #[serde(default)]
    pub face_photos_only: bool,
}

fn approver<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Approver, D::Error> {
    match String::deserialize(input)?.as_str() {
        "facility_admin" => Ok(Approver::FacilityAdmin),
        "group_admin" => Ok(Approver::GroupAdmin),
        _ => Err(serde::de::Error::custom("approver is facility_admin or group_admin")),
    }
}

/// The policy a new facility follows until a region says otherwise.
pub const STANDARD: &str = "standard";

const SHIPPED: &[&str] = &[
    include_str!("../policies/standard.toml"),
    include_str!("../policies/okayama.toml"),
    include_str!("../policies/fukushima.toml"),
    include_str!("../policies/joetsu.toml"),
];

fn all() -> &'static BTreeMap<String, Policy> {
    static ALL: OnceLock<BTreeMap<String, Policy>> = OnceLock::new();
    ALL.get_or_init(|| {
        let parsed = SHIPPED.iter().filter_map(|text| toml::from_str::<Policy>(text).ok());
        parsed.map(|policy| (policy.code.clone(), policy)).collect()
    })
}

/// The codes of the policies under which a group's own administrators approve.
pub fn approved_by_groups() -> impl Iterator<Item = &'static str> {
    all().values().filter(|policy| policy.approver == Approver::GroupAdmin).map(|policy| policy.code.as_str())
}

/// The policy of a code; an unknown code follows the standard one.
#[must_use]
pub fn of(code: &str) -> &'static Policy {
    static STRICTEST: OnceLock<Policy> = OnceLock::new();
    all().get(code).or_else(|| all().get(STANDARD)).unwrap_or_else(|| {
        STRICTEST.get_or_init(|| Policy {
            office: true,
            code: STANDARD.to_owned(),
            name: String::new(),
            approver: Approver::FacilityAdmin,
            patient_group_name: "{name}".to_owned(),
            face_photos_only: true,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Approver, SHIPPED, all, of};

    #[test]
    fn every_shipped_file_is_a_policy() {
        assert_eq!(all().len(), SHIPPED.len());
        assert_eq!(of("joetsu").approver, Approver::GroupAdmin);
        assert_eq!(super::approved_by_groups().collect::<Vec<_>>(), ["joetsu"]);
        assert_eq!(of("fukushima").approver, Approver::FacilityAdmin);
    }
}
