-- Raised whenever somebody gets a photo, or has none any more: who has one is remembered as long as it stands still.
ALTER TABLE house ADD COLUMN faces BIGINT NOT NULL DEFAULT 0;
