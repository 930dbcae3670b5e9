-- Attempts at the open round that were made before the session failed and was asked to go on: they do not count against its plan's retries.
ALTER TABLE session ADD COLUMN attempts_spent integer NOT NULL DEFAULT 0;
UPDATE session s SET attempts_spent = coalesce((SELECT max(r.attempt) FROM round r
  WHERE r.session_id = s.id AND r.number = s.rounds_completed + 1), 0) WHERE s.state = 'FAILED';
