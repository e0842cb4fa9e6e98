-- A record of one originating facility, with one group and one key; never merged with another.
CREATE TABLE patients (
  id               UUID PRIMARY KEY,
  facility         UUID NOT NULL REFERENCES facilities (id),
  group_id         UUID NOT NULL REFERENCES groups (id),
  data_key         UUID NOT NULL REFERENCES data_keys (id), -- the group's key is the same key
  facts            {bytes} NOT NULL,   -- sealed: names, sex, birth date, address, memo, diseases, medicines
  photo            UUID,               -- uploads.id
  code             {bytes} NOT NULL,   -- sealed: the identity code
  members_may_edit BOOLEAN NOT NULL DEFAULT FALSE,
  made_at          BIGINT NOT NULL,
  made_by          UUID NOT NULL
);
CREATE INDEX patients_by_facility ON patients (facility);

-- What the facts were before each change.
CREATE TABLE patient_changes (
  id         UUID PRIMARY KEY,
  patient    UUID NOT NULL REFERENCES patients (id),
  at         BIGINT NOT NULL,
  account    UUID NOT NULL,
  seat       UUID NOT NULL,
  change     {bytes} NOT NULL          -- sealed: field, before, after
);
CREATE INDEX patient_changes_by_patient ON patient_changes (patient, id);

CREATE TABLE consents (
  id           UUID PRIMARY KEY,
  patient      UUID NOT NULL REFERENCES patients (id),
  method       TEXT NOT NULL,
  details      {bytes} NOT NULL,       -- sealed: date, signer, relationship, explainer, witness …
  scan         UUID,                   -- uploads.id
  recorded_at  BIGINT NOT NULL,
  recorded_by  UUID NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_by UUID
);
CREATE INDEX consents_by_patient ON consents (patient, id);

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
