-- What was found when a blob was last read again and compared with its digest.
CREATE TABLE blob_check (
  digest     text PRIMARY KEY,
  soundness  text NOT NULL CHECK (soundness IN ('SOUND', 'DAMAGED', 'MISSING', 'UNREADABLE')),
  checked_at timestamptz NOT NULL
);
CREATE INDEX blob_check_by_time ON blob_check (checked_at);
INSERT INTO chore (name, due) VALUES ('scrub', 'epoch');
