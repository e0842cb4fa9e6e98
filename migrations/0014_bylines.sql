-- Who somebody was when they wrote: name, profession and workplace, once for as long as they stay the same, and not
-- beside each post.
CREATE TABLE bylines (
  timeline   UUID NOT NULL REFERENCES timelines (id),
  seat       UUID NOT NULL REFERENCES seats (id),
  number     BIGINT NOT NULL,          -- from 1; what is posted now has the newest
  id         UUID NOT NULL,            -- what the cell is bound to
  sealed     {bytes} NOT NULL,
  PRIMARY KEY (timeline, seat, number)
){clustered};
-- Which of them; none with posts of before, which hold their own in posts.byline. That is empty from now on, and digest
-- a code of 16 bytes instead of a sealed cell.
ALTER TABLE posts ADD COLUMN byline_number BIGINT;
