-- A file on its way in, or in. Its name and everything else about it is sealed.
CREATE TABLE uploads (
  id         UUID PRIMARY KEY,
  account    UUID NOT NULL REFERENCES accounts (id),
  data_key   UUID NOT NULL REFERENCES data_keys (id), -- of the group, patient or account it is for
  draft      UUID,                     -- while written
  post       UUID,                     -- once posted
  place      BIGINT NOT NULL DEFAULT 0,-- its place among the post's files
  kind       TEXT,                     -- image, video, document; none while coming in
  media_type TEXT,
  size       BIGINT NOT NULL,          -- bytes announced, then bytes kept
  meta       {bytes} NOT NULL,         -- sealed: name, width, height, duration, sizes of the variants
  made_at    BIGINT NOT NULL,
  ready_at   BIGINT,
  purpose    TEXT NOT NULL,            -- post, profile, patient, consent
  -- The id under which the finished forms of a file lie in the store. Each attempt to finish draws its own: one
  -- id, one content, for a sealed file must never be sealed again with other bytes.
  content    UUID,
  kept_at    BIGINT                    -- since when a portrait or a scan has its place in the room it was sent to
);
CREATE INDEX uploads_by_draft ON uploads (draft) WHERE draft IS NOT NULL;
CREATE INDEX uploads_by_post ON uploads (post, place) WHERE post IS NOT NULL;
CREATE INDEX uploads_by_account ON uploads (account, made_at);

CREATE TABLE upload_parts (
  upload     UUID NOT NULL REFERENCES uploads (id),
  number     BIGINT NOT NULL,
  size       BIGINT NOT NULL,
  PRIMARY KEY (upload, number)
);
