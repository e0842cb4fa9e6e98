-- A form that was sent after its session had ended: for its writer alone, in the browser it was written in, for a day.
CREATE TABLE kept_forms (
  id      UUID PRIMARY KEY,
  account UUID NOT NULL REFERENCES accounts (id),
  device  {bytes} NOT NULL,            -- the browser, as in devices.token
  body    {bytes} NOT NULL,            -- sealed under the account's key: where it stood, where it went, what was typed
  made_at BIGINT NOT NULL
);
CREATE INDEX kept_forms_by_account ON kept_forms (account);
