-- Where no office confirms facilities none is unconfirmed.
UPDATE facilities SET vouched_at = made_at WHERE vouched_at IS NULL AND policy = 'standard';

-- Who wrote a post is not asked to acknowledge it: what was counted of writers themselves goes. The chronicle keeps it.
UPDATE posts SET acks = acks - 1
  WHERE acks > 0 AND EXISTS (SELECT 1 FROM acknowledgements k WHERE k.post = posts.id AND k.account = posts.author);
DELETE FROM acknowledgements
  WHERE EXISTS (SELECT 1 FROM posts p WHERE p.id = acknowledgements.post AND p.author = acknowledgements.account);
