-- The record of use finds by these what stands in the chain, and goes through the few events that wait for their block:
-- whatever happens writes two pages less, and they are written once for a whole block.
DROP INDEX events_by_facility;
CREATE INDEX events_by_facility ON events (facility, id) WHERE facility IS NOT NULL AND block IS NOT NULL;
DROP INDEX events_by_account;
CREATE INDEX events_by_account ON events (account, id) WHERE block IS NOT NULL;
