-- The id under which the finished forms of a file lie in the store. Each attempt to finish draws its own: one
-- id, one content, for a sealed file must never be sealed again with other bytes.
ALTER TABLE uploads ADD COLUMN content UUID;
-- Since when a portrait or a scan has its place in the room it was sent to.
ALTER TABLE uploads ADD COLUMN kept_at BIGINT;
