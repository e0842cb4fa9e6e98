CREATE TABLE invitations (
  id          UUID PRIMARY KEY,
  kind        TEXT NOT NULL,           -- facility, group
  facility    UUID NOT NULL,           -- whose administrators approve: where the seat would be, a patient's originating facility, the inviter's own
  group_id    UUID,
  inviter     UUID NOT NULL REFERENCES accounts (id),
  seat        UUID NOT NULL REFERENCES seats (id), -- the inviter's
  email       TEXT,                    -- as typed; none when a known person was picked
  email_key   TEXT,
  account     UUID,                    -- the invited account, once known
  state       TEXT NOT NULL,
  decided_by  UUID,
  decided_at  BIGINT,
  sent_at     BIGINT,
  answered_at BIGINT,
  expires_at  BIGINT NOT NULL,
  made_at     BIGINT NOT NULL,
  asked_by    UUID                     -- another account opened the link and asks to join with that account
);
CREATE INDEX invitations_by_account ON invitations (account, state);
CREATE INDEX invitations_by_email ON invitations (email_key, state);
CREATE INDEX invitations_by_group ON invitations (group_id, state);
CREATE INDEX invitations_by_facility ON invitations (facility, state);
CREATE INDEX invitations_by_seat ON invitations (seat, made_at);
