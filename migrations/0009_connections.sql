-- Two people who said that they want to stay in touch, whatever places they share. One row for the pair.
CREATE TABLE connections (
  low        UUID NOT NULL REFERENCES accounts (id), -- the smaller id of the two
  high       UUID NOT NULL REFERENCES accounts (id),
  made_at    BIGINT NOT NULL,
  PRIMARY KEY (low, high)
){clustered};
CREATE INDEX connections_by_high ON connections (high);
