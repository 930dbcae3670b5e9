-- An update that a combiner took is RECEIVED until its combiner's report says that it was folded; only a report makes it ACCEPTED.
ALTER TABLE model_update DROP CONSTRAINT model_update_fate_check;
ALTER TABLE model_update ADD CONSTRAINT model_update_fate_check
  CHECK (fate IN ('RECEIVED', 'ACCEPTED', 'REJECTED', 'LATE', 'DUPLICATE'));
UPDATE model_update u SET fate = 'RECEIVED' FROM round r
 WHERE r.id = u.round_id AND r.phase NOT IN ('COMPLETED', 'FAILED', 'CANCELLED') AND u.fate = 'ACCEPTED'
   AND NOT EXISTS (SELECT 1 FROM participation p WHERE p.round_id = u.round_id AND p.client_id = u.client_id
                   AND p.kind = 'TRAIN' AND p.state = 'REPORTED' AND p.combiner_id = u.combiner_id);
CREATE INDEX model_update_received ON model_update (combiner_id) WHERE fate = 'RECEIVED';

-- Since when a combiner has been heard without a break: time alone ends no round before its combiners had the time to report.
ALTER TABLE combiner ADD COLUMN heard_since timestamptz NOT NULL DEFAULT now();
UPDATE combiner SET heard_since = last_seen_at;

-- How often the round's merge went wrong for a reason that nobody foresaw.
ALTER TABLE round ADD COLUMN merge_failures integer NOT NULL DEFAULT 0;
