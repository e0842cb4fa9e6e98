-- What the house itself stands on: keys, what happened, what is still to do.

-- Data keys, wrapped by an epoch key that lives outside this database. A row removed is a key destroyed.
CREATE TABLE data_keys (
  id         UUID PRIMARY KEY,
  epoch      BIGINT NOT NULL,
  wrapped    {bytes} NOT NULL,
  made_at    BIGINT NOT NULL
){clustered};
CREATE INDEX data_keys_by_epoch ON data_keys (epoch);

-- The chronicle: what happened, ids only. delivered_at is the outbox; block the place in the hash chain.
CREATE TABLE events (
  id           UUID PRIMARY KEY,
  at           BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  account      UUID,               -- who did it; none: the house
  seat         UUID,
  facility     UUID,               -- whose record of use shows it
  group_id     UUID,
  patient      UUID,
  subject      UUID,               -- the thing itself: post, invitation, session …
  other        UUID,               -- the other person it concerns
  note         TEXT,               -- a code of a closed list, or a number; never words of people
  delivered_at BIGINT,
  block        BIGINT
){clustered};
CREATE INDEX events_undelivered ON events (id) WHERE delivered_at IS NULL;
CREATE INDEX events_unchained ON events (id) WHERE block IS NULL;
CREATE INDEX events_by_facility ON events (facility, id) WHERE facility IS NOT NULL;
-- The record of use also shows what a facility's staff did elsewhere.
CREATE INDEX events_by_account ON events (account, id);

-- The chain over the chronicle, made in blocks by one leased job.
CREATE TABLE event_blocks (
  number     BIGINT PRIMARY KEY,
  first      UUID NOT NULL,
  last       UUID NOT NULL,
  size       BIGINT NOT NULL,
  hash       {bytes} NOT NULL,
  made_at    BIGINT NOT NULL
){clustered};

CREATE TABLE jobs (
  id           UUID PRIMARY KEY,
  kind         TEXT NOT NULL,
  payload      TEXT NOT NULL,
  dedupe       TEXT UNIQUE,
  run_at       BIGINT NOT NULL,
  leased_until BIGINT,
  lease        UUID,
  tries        BIGINT NOT NULL DEFAULT 0,
  last_error   TEXT,
  dead_at      BIGINT,
  made_at      BIGINT NOT NULL
){clustered};
CREATE INDEX jobs_due ON jobs (run_at) WHERE dead_at IS NULL;

-- Mails kept instead of sent: the whole letter sealed under the house's own key.
CREATE TABLE held_mails (
  id         UUID PRIMARY KEY,
  letter     {bytes} NOT NULL,
  made_at    BIGINT NOT NULL
);

-- One row for the installation: its own data key, made at first start.
CREATE TABLE house (
  id         BIGINT PRIMARY KEY CHECK (id = 1),
  data_key   UUID NOT NULL REFERENCES data_keys (id),
  made_at    BIGINT NOT NULL,
  sample     BOOLEAN NOT NULL DEFAULT FALSE
);

-- Failed or costly tries, counted in windows per account and per address (both hashed).
CREATE TABLE attempts (
  bucket     TEXT NOT NULL,
  who        {bytes} NOT NULL,
  since      BIGINT NOT NULL,
  count      BIGINT NOT NULL,
  PRIMARY KEY (bucket, who)
){clustered};
