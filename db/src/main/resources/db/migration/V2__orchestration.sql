-- What a server optimizer remembers is a blob that belongs to the model it led to.
ALTER TABLE model ADD COLUMN optimizer_state text CHECK (optimizer_state ~ '^[0-9a-f]{64}$');

-- The weight that a fold gave an update, and how many models old its start was (0 in synchronous rounds).
ALTER TABLE model_update ADD COLUMN weight double precision NOT NULL DEFAULT 0;
ALTER TABLE model_update ADD COLUMN staleness integer NOT NULL DEFAULT 0;

-- Partials may lie in another format than the model; their bytes are dropped after the round unless updates are kept.
ALTER TABLE share ADD COLUMN partial_format text;
ALTER TABLE share ADD COLUMN dropped boolean NOT NULL DEFAULT false;

CREATE INDEX round_by_session ON round (session_id, number, attempt);
CREATE INDEX round_open ON round (session_id) WHERE phase IN ('PLANNED', 'TRAINING', 'REDUCING', 'VALIDATING');
CREATE INDEX validation_by_session ON validation (session_id);
CREATE INDEX client_attached ON client (alliance_id, combiner_id) WHERE state = 'ATTACHED';
CREATE INDEX participation_claimed ON participation (combiner_id) WHERE state = 'CLAIMED';
