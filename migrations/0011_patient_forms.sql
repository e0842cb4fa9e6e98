-- A patient's registration under way: what was typed, sealed under the key the patient will have.
CREATE TABLE patient_forms (
  id         UUID PRIMARY KEY,
  account    UUID NOT NULL REFERENCES accounts (id),
  facility   UUID NOT NULL REFERENCES facilities (id),
  data_key   UUID NOT NULL REFERENCES data_keys (id),
  typed      {bytes} NOT NULL,
  patient    UUID REFERENCES patients (id), -- set once registered: pressing twice registers once
  made_at    BIGINT NOT NULL
);

-- The record of use also shows what a facility's staff did elsewhere.
CREATE INDEX events_by_account ON events (account, id);
