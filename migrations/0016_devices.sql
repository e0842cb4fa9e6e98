-- A browser in which an account was opened before: it tries passwords on an allowance of its own, which strangers
-- cannot use up. The cookie opens nothing.
CREATE TABLE devices (
  token   {bytes} NOT NULL,            -- SHA-256 of the 256 random bits in the cookie
  account UUID NOT NULL REFERENCES accounts (id),
  made_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,             -- the last sign-in
  PRIMARY KEY (account, token)
){clustered};
CREATE INDEX devices_by_token ON devices (token);

-- A password is set behind the mailed link. What a form kept before it is no credential and is never read again.
UPDATE registrations SET password = NULL WHERE password IS NOT NULL;
