-- A session may do without a package: clients that bring their own program train it.
ALTER TABLE session ALTER COLUMN package_id DROP NOT NULL;

-- What FEDn's API tells of a client: whether it runs its own program, and from where it came.
ALTER TABLE client ADD COLUMN own_program boolean NOT NULL DEFAULT false;
ALTER TABLE client ADD COLUMN address text;

-- What FEDn's API says when it starts a session: the names of its models, and how long a round waits for clients.
ALTER TABLE session ADD COLUMN model_prefix text;
ALTER TABLE session ADD COLUMN patience_millis bigint;
ALTER TABLE session ADD COLUMN waiting_since timestamptz;
