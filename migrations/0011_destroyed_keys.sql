-- Data keys that were destroyed on purpose: since when no copy of one is left, for the certificate and the nightly turn.
-- Copied with the keys, not with the data.
CREATE TABLE destroyed_keys (
  id           UUID PRIMARY KEY,
  epoch        BIGINT NOT NULL,    -- the newest epoch that ever wrapped it
  destroyed_at BIGINT NOT NULL,
  gone_at      BIGINT              -- the turn that ended that epoch; none: an older copy would still open
){clustered};
