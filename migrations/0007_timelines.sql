CREATE TABLE posts (
  id           UUID PRIMARY KEY,
  timeline     UUID NOT NULL REFERENCES timelines (id),
  seq          BIGINT NOT NULL,
  rev          BIGINT NOT NULL,        -- the newest visible change of this post
  author       UUID NOT NULL REFERENCES accounts (id),
  seat         UUID NOT NULL REFERENCES seats (id),
  byline       {bytes} NOT NULL,       -- sealed: name, profession and workplace of that moment
  body         {bytes} NOT NULL,       -- sealed
  draft        UUID NOT NULL,          -- the key that makes posting twice post once
  digest       {bytes} NOT NULL,       -- sealed: hash of body and files, to tell a repeat from a mix-up
  files        BIGINT NOT NULL DEFAULT 0,
  acks         BIGINT NOT NULL DEFAULT 0,
  posted_at    BIGINT NOT NULL,
  edited_at    BIGINT,
  removed_at   BIGINT,
  removed_by   UUID,
  removal      TEXT,                   -- code: by_author, by_admin, wrong_patient
  reason       {bytes},                -- sealed
  UNIQUE (timeline, seq),
  UNIQUE (author, draft)
);
CREATE INDEX posts_by_rev ON posts (timeline, rev);

-- What a post said before it was corrected.
CREATE TABLE post_versions (
  id         UUID PRIMARY KEY,
  post       UUID NOT NULL REFERENCES posts (id),
  body       {bytes} NOT NULL,         -- sealed, as it was
  until      BIGINT NOT NULL
);
CREATE INDEX post_versions_by_post ON post_versions (post, id);

-- Written, not yet posted.
CREATE TABLE drafts (
  id         UUID PRIMARY KEY,
  account    UUID NOT NULL REFERENCES accounts (id),
  timeline   UUID NOT NULL REFERENCES timelines (id),
  body       {bytes} NOT NULL,         -- sealed under the group's key
  updated_at BIGINT NOT NULL,
  post       UUID                      -- set once posted
);
CREATE UNIQUE INDEX drafts_open ON drafts (account, timeline) WHERE post IS NULL;

CREATE TABLE acknowledgements (
  post       UUID NOT NULL REFERENCES posts (id),
  account    UUID NOT NULL REFERENCES accounts (id),
  seat       UUID NOT NULL REFERENCES seats (id),
  at         BIGINT NOT NULL,
  PRIMARY KEY (post, account)
){clustered};
