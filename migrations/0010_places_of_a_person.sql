-- A person's list of places and what waits for them are read from the index alone, without a look into each row.
DROP INDEX members_by_account;
CREATE INDEX members_by_account ON members (account, group_id, seat, role, joined_at, ended_at) WHERE ended_at IS NULL;
