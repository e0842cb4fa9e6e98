-- What makes the record of use hold against whoever can write into the database: a keyed mark on every event from the
-- moment it is written down, and one on every block. The key is never here. What was there before has none; it is sealed
-- as a whole, in the keyring, when a house of this version is first opened.
ALTER TABLE events ADD COLUMN mac {bytes};
ALTER TABLE event_blocks ADD COLUMN mac {bytes};
-- What nobody signed in did and yet concerns a person (a failed sign-in), and what the operator did.
CREATE INDEX events_by_other ON events (other, id)
  WHERE other IS NOT NULL AND account IS NULL AND block IS NOT NULL;
CREATE INDEX events_by_house ON events (kind, id)
  WHERE account IS NULL AND facility IS NULL AND block IS NOT NULL;
