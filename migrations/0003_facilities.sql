CREATE TABLE facilities (
  id          UUID PRIMARY KEY,
  name        TEXT NOT NULL,
  type        TEXT NOT NULL,
  postal_code TEXT NOT NULL,           -- seven digits
  data_key    UUID NOT NULL REFERENCES data_keys (id),
  details     {bytes} NOT NULL,        -- sealed: prefecture, address, building, phone
  policy      TEXT NOT NULL,           -- whose rules: a file of policies/
  group_id    UUID NOT NULL,           -- its workplace group
  vouched_at  BIGINT,
  vouched_by  UUID,
  made_at     BIGINT NOT NULL,
  made_by     UUID NOT NULL
){clustered};
CREATE INDEX facilities_by_postal_code ON facilities (postal_code);

-- A seat joins an account and a facility.
CREATE TABLE seats (
  id          UUID PRIMARY KEY,
  account     UUID NOT NULL REFERENCES accounts (id),
  facility    UUID NOT NULL REFERENCES facilities (id),
  profession  TEXT NOT NULL,
  admin_since BIGINT,
  joined_at   BIGINT NOT NULL,
  ended_at    BIGINT,
  ended_by    UUID
){clustered};
CREATE UNIQUE INDEX seats_living ON seats (account, facility) WHERE ended_at IS NULL;
CREATE INDEX seats_by_facility ON seats (facility) WHERE ended_at IS NULL;
