use crate::groups::{Place, Title};
use crate::{Outcome, Tx};
use tasuki_base::columns;
use tasuki_base::seal::KeyId;
use tasuki_law::nouns::{ConsentState, FacilityId, GroupId, GroupKind, PatientId};
use tasuki_value::Ts;

/// A place as it is stored, its name still sealed.
#[derive(Clone, Debug)]
pub struct PlaceRow {
    pub id: GroupId,
    pub kind: GroupKind,
    pub facility: Option<FacilityId>,
    pub patient: Option<PatientId>,
    pub name: Vec<u8>,
    pub data_key: KeyId,
    pub members: i64,
    pub closed_at: Option<Ts>,
}
columns!(PlaceRow: id, kind, facility, patient, name, data_key, members, closed_at);

impl PlaceRow {
    /// Opens the name.
    pub fn opened(self, tx: &mut Tx) -> Outcome<Place> {
        let title = Title::clone(&*super::title(tx, self.id, &self.name)?);
        Ok(self.called(title))
    }

    /// Leaves the name sealed, and says why; nor does it tell how many are there.
    pub fn withheld(self, consent: ConsentState) -> Place {
        let name = crate::phrases::patients::withheld(consent).to_owned();
        Self { members: 0, ..self }.called(Title { name, note: String::new() })
    }

    fn called(self, title: Title) -> Place {
        Place {
            id: self.id,
            kind: self.kind,
            facility: self.facility,
            patient: self.patient,
            title,
            data_key: self.data_key,
            members: self.members,
            closed_at: self.closed_at,
        }
    }
}
