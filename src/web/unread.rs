//! What is unread in a place, as SQL: the one text for every sum of it.

/// For a membership `m` with its timeline `t` and its reading place `r`. What may not be read right now has nothing
/// unread, whatever its numbers say: a patient's timeline without consent, for whoever is not of the originating
/// facility.
macro_rules! unread {
    () => {
        "CASE
      WHEN t.seq <= r.seq + r.own THEN 0
      WHEN EXISTS (SELECT 1 FROM groups ug WHERE ug.id = m.group_id AND ug.kind = 'patient'
        AND ug.facility <> (SELECT us.facility FROM seats us WHERE us.id = m.seat)
        AND coalesce((SELECT uc.withdrawn_at IS NOT NULL FROM consents uc WHERE uc.patient = ug.patient
          ORDER BY uc.id DESC LIMIT 1), TRUE)) THEN 0
      ELSE t.seq - r.seq - r.own END"
    };
}
pub(crate) use unread;
