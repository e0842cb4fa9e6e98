-- An account is a person with one mail address.
CREATE TABLE accounts (
  id             UUID PRIMARY KEY,
  kind           TEXT NOT NULL,
  email          TEXT NOT NULL,       -- as typed, normalised
  email_key      TEXT NOT NULL UNIQUE,-- lower-cased: one address, one account
  family         TEXT NOT NULL,
  given          TEXT NOT NULL,
  family_kana    TEXT NOT NULL,
  given_kana     TEXT NOT NULL,
  profession     TEXT NOT NULL,
  password       TEXT NOT NULL,       -- argon2id, PHC string
  data_key       UUID NOT NULL REFERENCES data_keys (id),
  about          {bytes},             -- sealed: the free text of the profile
  photo          UUID,                -- uploads.id
  operator       BOOLEAN NOT NULL DEFAULT FALSE,
  text_size      TEXT NOT NULL DEFAULT 'm',
  terms_version  TEXT NOT NULL,
  terms_at       BIGINT NOT NULL,
  made_at        BIGINT NOT NULL,
  tour_done_at   BIGINT,
  hint_closed_at BIGINT,              -- the profile hint on home was dismissed
  suspended_at   BIGINT,
  closed_at      BIGINT
){clustered};

-- A signed-in browser or an API token: the same thing, with and without a cookie.
CREATE TABLE sessions (
  id         UUID PRIMARY KEY,
  account    UUID NOT NULL REFERENCES accounts (id),
  kind       TEXT NOT NULL,
  token      {bytes} NOT NULL UNIQUE, -- SHA-256 of the 256 random bits
  label      {bytes},                 -- sealed under the account's key: a token's name
  device     TEXT NOT NULL,           -- code: windows, mac, iphone, ipad, android, linux, other
  phone      BOOLEAN NOT NULL,        -- the longer idle limit
  made_at    BIGINT NOT NULL,
  active_at  BIGINT NOT NULL,         -- last activity by the person, written at most once a minute
  ended_at   BIGINT
){clustered};
CREATE INDEX sessions_by_account ON sessions (account) WHERE ended_at IS NULL;

-- One-time links sent by mail; the token is made when the mail is, and stored hashed.
CREATE TABLE links (
  id         UUID PRIMARY KEY,
  kind       TEXT NOT NULL,           -- registration, invitation, password_reset
  subject    UUID NOT NULL,           -- registrations.id, invitations.id or accounts.id
  token      {bytes} NOT NULL UNIQUE,
  made_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT
){clustered};
CREATE INDEX links_by_subject ON links (subject);

-- A sign-up under way. What was typed is sealed under the house's key.
CREATE TABLE registrations (
  id           UUID PRIMARY KEY,
  token        {bytes} NOT NULL UNIQUE, -- the cookie that leads back to the form, hashed
  form         {bytes} NOT NULL,        -- sealed: everything typed so far
  email_key    TEXT,
  password     TEXT,
  invitation   UUID,                    -- the short form of an invited person
  submitted_at BIGINT,
  completed_at BIGINT,
  account      UUID,
  made_at      BIGINT NOT NULL
);
