-- Every place with members and timelines.
CREATE TABLE groups (
  id         UUID PRIMARY KEY,
  kind       TEXT NOT NULL,
  facility   UUID,                     -- patient: originating facility; facility: the workplace itself
  patient    UUID UNIQUE,              -- exactly one patient, for ever
  name       {bytes},                  -- sealed; a patient group takes the patient's, a workplace group the facility's
  about      {bytes},                  -- sealed
  data_key   UUID NOT NULL REFERENCES data_keys (id),
  members    BIGINT NOT NULL DEFAULT 0,-- living members, kept with them
  made_at    BIGINT NOT NULL,
  made_by    UUID NOT NULL,
  closed_at  BIGINT
){clustered};

CREATE TABLE members (
  id         UUID PRIMARY KEY,
  group_id   UUID NOT NULL REFERENCES groups (id),
  account    UUID NOT NULL REFERENCES accounts (id),
  seat       UUID NOT NULL REFERENCES seats (id),
  role       TEXT NOT NULL,
  joined_at  BIGINT NOT NULL,
  invited_by UUID,
  ended_at   BIGINT,
  ended_by   UUID
){clustered};
CREATE UNIQUE INDEX members_living ON members (group_id, account) WHERE ended_at IS NULL;
CREATE INDEX members_by_account ON members (account) WHERE ended_at IS NULL;
CREATE INDEX members_by_seat ON members (seat) WHERE ended_at IS NULL;
CREATE INDEX members_gone ON members (group_id, ended_at) WHERE ended_at IS NOT NULL;

-- A timeline is a row whose lock orders everything written to the place.
CREATE TABLE timelines (
  id         UUID PRIMARY KEY,
  group_id   UUID NOT NULL REFERENCES groups (id),
  kind       TEXT NOT NULL,
  seq        BIGINT NOT NULL DEFAULT 0, -- the newest post
  rev        BIGINT NOT NULL DEFAULT 0, -- the newest visible change
  last_post  UUID,
  last_at    BIGINT,
  made_at    BIGINT NOT NULL,
  UNIQUE (group_id, kind)
){clustered};

-- How far a person has read; unread = timelines.seq - seq - own.
CREATE TABLE reads (
  timeline   UUID NOT NULL REFERENCES timelines (id),
  account    UUID NOT NULL REFERENCES accounts (id),
  seq        BIGINT NOT NULL,
  own        BIGINT NOT NULL DEFAULT 0, -- own posts after seq: never counted as unread
  looked_at  BIGINT NOT NULL,           -- last look at the place
  mailed_seq BIGINT NOT NULL DEFAULT 0, -- a mail told of posts up to here
  PRIMARY KEY (timeline, account)
){clustered};
