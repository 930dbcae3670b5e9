-- Chores that one of the controllers does at a time: whoever moves the due time on does it.
CREATE TABLE chore (
  name text PRIMARY KEY,
  due  timestamptz NOT NULL
);
INSERT INTO chore (name, due) VALUES ('retention', 'epoch');

-- Whether a blob is referenced is asked by digest.
CREATE INDEX model_by_digest ON model (digest);
CREATE INDEX model_by_optimizer_state ON model (optimizer_state) WHERE optimizer_state IS NOT NULL;
CREATE INDEX share_by_partial ON share (partial_digest) WHERE partial_digest IS NOT NULL AND NOT dropped;
CREATE INDEX model_update_by_digest ON model_update (digest) WHERE fate = 'ACCEPTED';
CREATE INDEX event_by_time ON event (at);

-- Nobody ever set it: a session's plan says whether its updates are kept.
ALTER TABLE model_update DROP COLUMN kept;
