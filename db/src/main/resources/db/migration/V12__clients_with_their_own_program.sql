-- A session may do without a package: clients that bring their own program train it.
ALTER TABLE session ALTER COLUMN package_id DROP NOT NULL;
