-- The controller's state. Ids are time-ordered uuids made by the application, or identity numbers where order is all that matters.
-- Enums are text with CHECK constraints; instants are timestamptz; model bytes are never here, only their SHA-256 digests.

CREATE TABLE alliance (
  id          uuid PRIMARY KEY,
  name        text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  title       text NOT NULL,
  description text NOT NULL DEFAULT '',
  settings    jsonb NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL,
  archived_at timestamptz,
  version     bigint NOT NULL DEFAULT 0
);

CREATE TABLE account (
  id            uuid PRIMARY KEY,
  name          text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
  password_hash text NOT NULL,
  admin         boolean NOT NULL DEFAULT false,
  disabled      boolean NOT NULL DEFAULT false,
  theme         text NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
  created_at    timestamptz NOT NULL,
  last_login_at timestamptz,
  version       bigint NOT NULL DEFAULT 0
);

CREATE TABLE member (
  alliance_id uuid NOT NULL REFERENCES alliance ON DELETE CASCADE,
  account_id  uuid NOT NULL REFERENCES account ON DELETE CASCADE,
  role        text NOT NULL CHECK (role IN ('OPERATOR', 'MEMBER', 'VIEWER')),
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (alliance_id, account_id)
);

CREATE TABLE combiner (
  id           uuid PRIMARY KEY,
  name         text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
  host         text NOT NULL,
  port         integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  tls          boolean NOT NULL DEFAULT false,
  labels       jsonb NOT NULL DEFAULT '{}',
  capacity     integer NOT NULL CHECK (capacity >= 1),
  program      text NOT NULL DEFAULT '',
  epoch        bigint NOT NULL DEFAULT 1,
  draining     boolean NOT NULL DEFAULT false,
  attached     integer NOT NULL DEFAULT 0,
  load         jsonb NOT NULL DEFAULT '{}',
  created_at   timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  version      bigint NOT NULL DEFAULT 0
);

CREATE TABLE client (
  id             uuid PRIMARY KEY,
  alliance_id    uuid NOT NULL REFERENCES alliance ON DELETE CASCADE,
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  external_id    text,
  program        text NOT NULL DEFAULT '',
  labels         jsonb NOT NULL DEFAULT '{}',
  combiner_id    uuid REFERENCES combiner ON DELETE SET NULL,
  preferred_combiner text,
  state          text NOT NULL DEFAULT 'REGISTERED' CHECK (state IN ('REGISTERED', 'ATTACHED', 'DETACHED', 'REVOKED')),
  busy           boolean NOT NULL DEFAULT false,
  package_digest text,
  telemetry      jsonb NOT NULL DEFAULT '{}',
  reason         text,
  created_at     timestamptz NOT NULL,
  last_seen_at   timestamptz,
  version        bigint NOT NULL DEFAULT 0,
  UNIQUE (alliance_id, name),
  UNIQUE (alliance_id, external_id)
);
CREATE INDEX client_by_combiner ON client (combiner_id) WHERE state = 'ATTACHED';

CREATE TABLE api_token (
  id           text PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('USER', 'JOIN', 'AGENT', 'COMBINER_JOIN', 'COMBINER')),
  hash         bytea NOT NULL,
  name         text NOT NULL,
  account_id   uuid REFERENCES account ON DELETE CASCADE,
  alliance_id  uuid REFERENCES alliance ON DELETE CASCADE,
  client_id    uuid REFERENCES client ON DELETE CASCADE,
  combiner_id  uuid REFERENCES combiner ON DELETE CASCADE,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  last_used_at timestamptz,
  uses         integer NOT NULL DEFAULT 0,
  max_uses     integer,
  revoked_at   timestamptz
);
CREATE INDEX api_token_by_alliance ON api_token (alliance_id, kind);

CREATE TABLE compute_package (
  id           uuid PRIMARY KEY,
  alliance_id  uuid NOT NULL REFERENCES alliance ON DELETE CASCADE,
  name         text NOT NULL,
  description  text NOT NULL DEFAULT '',
  file_name    text NOT NULL,
  digest       text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  size         bigint NOT NULL CHECK (size > 0),
  entry_points jsonb NOT NULL,
  helper       text NOT NULL DEFAULT 'numpyhelper',
  active       boolean NOT NULL DEFAULT false,
  created_by   uuid REFERENCES account ON DELETE SET NULL,
  created_at   timestamptz NOT NULL,
  version      bigint NOT NULL DEFAULT 0,
  UNIQUE (alliance_id, digest)
);
CREATE UNIQUE INDEX compute_package_one_active ON compute_package (alliance_id) WHERE active;

CREATE TABLE model (
  id          uuid PRIMARY KEY,
  alliance_id uuid NOT NULL REFERENCES alliance ON DELETE CASCADE,
  name        text NOT NULL DEFAULT '',
  parent_id   uuid REFERENCES model,
  session_id  uuid,
  round_id    uuid UNIQUE,
  digest      text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  size        bigint NOT NULL CHECK (size >= 0),
  format      text NOT NULL,
  layout      jsonb NOT NULL DEFAULT '[]',
  manifest      text,
  manifest_hash text,
  signature     text,
  created_by  uuid REFERENCES account ON DELETE SET NULL,
  created_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX model_seed_once ON model (alliance_id, digest) WHERE round_id IS NULL;
CREATE INDEX model_by_alliance ON model (alliance_id, created_at);
CREATE INDEX model_by_parent ON model (parent_id);

CREATE TABLE session (
  id            uuid PRIMARY KEY,
  alliance_id   uuid NOT NULL REFERENCES alliance ON DELETE CASCADE,
  name          text NOT NULL,
  state         text NOT NULL CHECK (state IN ('CREATED', 'RUNNING', 'PAUSED', 'FINISHED', 'FAILED', 'CANCELLED')),
  stop_after_round boolean NOT NULL DEFAULT false,
  package_id    uuid NOT NULL REFERENCES compute_package,
  seed_model_id uuid NOT NULL REFERENCES model,
  model_id      uuid NOT NULL REFERENCES model,
  best_model_id uuid REFERENCES model,
  plan          jsonb NOT NULL,
  rounds_planned   integer NOT NULL CHECK (rounds_planned >= 1),
  rounds_completed integer NOT NULL DEFAULT 0,
  reason        text,
  created_by    uuid REFERENCES account ON DELETE SET NULL,
  created_at    timestamptz NOT NULL,
  started_at    timestamptz,
  finished_at   timestamptz,
  next_check    timestamptz,
  version       bigint NOT NULL DEFAULT 0
);
CREATE INDEX session_due ON session (next_check) WHERE state = 'RUNNING';
CREATE INDEX session_by_alliance ON session (alliance_id, created_at);
ALTER TABLE model ADD CONSTRAINT model_session FOREIGN KEY (session_id) REFERENCES session ON DELETE CASCADE;

CREATE TABLE round (
  id            uuid PRIMARY KEY,
  session_id    uuid NOT NULL REFERENCES session ON DELETE CASCADE,
  number        integer NOT NULL CHECK (number >= 1),
  attempt       integer NOT NULL DEFAULT 1,
  phase         text NOT NULL CHECK (phase IN ('PLANNED', 'TRAINING', 'REDUCING', 'VALIDATING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  base_model_id uuid NOT NULL REFERENCES model,
  model_id      uuid REFERENCES model,
  selection_seed bigint NOT NULL,
  deadline      timestamptz,
  next_check    timestamptz,
  claimed_by    text,
  claimed_at    timestamptz,
  reason        text,
  examples      bigint NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL,
  training_at   timestamptz,
  reducing_at   timestamptz,
  validating_at timestamptz,
  finished_at   timestamptz,
  version       bigint NOT NULL DEFAULT 0,
  UNIQUE (session_id, number, attempt)
);
ALTER TABLE model ADD CONSTRAINT model_round FOREIGN KEY (round_id) REFERENCES round ON DELETE CASCADE;
CREATE INDEX round_due ON round (next_check) WHERE phase IN ('PLANNED', 'TRAINING', 'REDUCING', 'VALIDATING');

-- One combiner's part of a round: once for training, once for validation.
CREATE TABLE share (
  id             uuid PRIMARY KEY,
  round_id       uuid NOT NULL REFERENCES round ON DELETE CASCADE,
  combiner_id    uuid NOT NULL REFERENCES combiner,
  kind           text NOT NULL CHECK (kind IN ('TRAIN', 'VALIDATE')),
  phase          text NOT NULL CHECK (phase IN ('OFFERED', 'RUNNING', 'REPORTED', 'LOST', 'CANCELLED')),
  epoch          bigint NOT NULL,
  target         integer NOT NULL,
  expected       integer NOT NULL DEFAULT 0,
  accepted       integer NOT NULL DEFAULT 0,
  rejected       integer NOT NULL DEFAULT 0,
  discarded      integer NOT NULL DEFAULT 0,
  lost           integer NOT NULL DEFAULT 0,
  examples       bigint NOT NULL DEFAULT 0,
  partial_digest text,
  partial_size   bigint,
  reason         text,
  timings        jsonb NOT NULL DEFAULT '{}',
  offered_at     timestamptz NOT NULL,
  running_at     timestamptz,
  reported_at    timestamptz,
  version        bigint NOT NULL DEFAULT 0,
  UNIQUE (round_id, combiner_id, kind)
);
CREATE INDEX share_open ON share (combiner_id) WHERE phase IN ('OFFERED', 'RUNNING');

-- The participation ledger: a client takes part in a round through exactly one claimed row.
CREATE TABLE participation (
  id          uuid PRIMARY KEY,
  round_id    uuid NOT NULL REFERENCES round ON DELETE CASCADE,
  client_id   uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  kind        text NOT NULL CHECK (kind IN ('TRAIN', 'VALIDATE')),
  combiner_id uuid NOT NULL REFERENCES combiner,
  epoch       bigint NOT NULL,
  state       text NOT NULL CHECK (state IN ('CLAIMED', 'REPORTED', 'FAILED', 'LOST')),
  reason      text,
  claimed_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  UNIQUE (round_id, client_id, kind)
);
CREATE INDEX participation_by_client ON participation (client_id, claimed_at);

-- Every update that arrived, with its fate. At most one per round and client is accepted.
CREATE TABLE model_update (
  id          uuid PRIMARY KEY,
  round_id    uuid NOT NULL REFERENCES round ON DELETE CASCADE,
  client_id   uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  combiner_id uuid NOT NULL REFERENCES combiner,
  digest      text NOT NULL,
  size        bigint NOT NULL,
  examples    bigint NOT NULL,
  fate        text NOT NULL CHECK (fate IN ('ACCEPTED', 'REJECTED', 'LATE', 'DUPLICATE')),
  reason      text,
  metrics     jsonb NOT NULL DEFAULT '{}',
  timings     jsonb NOT NULL DEFAULT '{}',
  kept        boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX model_update_once ON model_update (round_id, client_id) WHERE fate = 'ACCEPTED';
CREATE INDEX model_update_by_round ON model_update (round_id);
CREATE INDEX model_update_by_client ON model_update (client_id, received_at);

CREATE TABLE validation (
  id          uuid PRIMARY KEY,
  alliance_id uuid NOT NULL REFERENCES alliance ON DELETE CASCADE,
  model_id    uuid NOT NULL REFERENCES model ON DELETE CASCADE,
  client_id   uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  session_id  uuid REFERENCES session ON DELETE CASCADE,
  round_id    uuid REFERENCES round ON DELETE CASCADE,
  examples    bigint NOT NULL DEFAULT 1,
  metrics     jsonb NOT NULL,
  timings     jsonb NOT NULL DEFAULT '{}',
  received_at timestamptz NOT NULL,
  UNIQUE (model_id, client_id)
);
CREATE INDEX validation_by_round ON validation (round_id);
CREATE INDEX validation_by_client ON validation (client_id, received_at);

-- What happened, for people: append-only, paged by id.
CREATE TABLE event (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at          timestamptz NOT NULL,
  severity    text NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'ERROR')),
  kind        text NOT NULL,
  message     text NOT NULL,
  alliance_id uuid REFERENCES alliance ON DELETE CASCADE,
  session_id  uuid,
  round_id    uuid,
  client_id   uuid,
  combiner_id uuid,
  data        jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX event_by_alliance ON event (alliance_id, id);
CREATE INDEX event_by_session ON event (session_id, id) WHERE session_id IS NOT NULL;

-- Who changed what: append-only and hash-chained (hash = SHA-256 of the previous hash and this row's canonical JSON).
CREATE TABLE audit (
  seq         bigint PRIMARY KEY,
  at          timestamptz NOT NULL,
  actor       text NOT NULL,
  action      text NOT NULL,
  object      text NOT NULL DEFAULT '',
  alliance_id uuid,
  outcome     text NOT NULL CHECK (outcome IN ('DONE', 'DENIED', 'FAILED')),
  details     text NOT NULL DEFAULT '{}',
  prev_hash   text NOT NULL,
  hash        text NOT NULL
);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

-- Samples over time for charts (controller, combiners, clients), deleted after their retention.
CREATE TABLE telemetry (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL,
  source  text NOT NULL CHECK (source IN ('CONTROLLER', 'COMBINER', 'CLIENT')),
  source_id text NOT NULL,
  samples jsonb NOT NULL
);
CREATE INDEX telemetry_by_source ON telemetry (source, source_id, at);
CREATE INDEX telemetry_by_time ON telemetry (at);

-- What the FEDn API keeps beside the above: client attributes, per-step metrics, statuses, predictions.
CREATE TABLE client_attribute (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  key       text NOT NULL,
  value     text NOT NULL,
  at        timestamptz NOT NULL
);
CREATE INDEX client_attribute_by_client ON client_attribute (client_id, key, id);

CREATE TABLE client_metric (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  client_id   uuid NOT NULL REFERENCES client ON DELETE CASCADE,
  model_id    uuid,
  session_id  uuid,
  round_id    uuid,
  step        bigint,
  key         text NOT NULL,
  value       double precision NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX client_metric_by_client ON client_metric (client_id, id);

-- Session cookies live in the container; an idempotency key makes a repeated POST return the first answer.
CREATE TABLE idempotency (
  key         text PRIMARY KEY,
  actor       text NOT NULL,
  path        text NOT NULL,
  location    text NOT NULL,
  created_at  timestamptz NOT NULL
);
