/**
 * How the controller's objects meet PostgreSQL: the data source, the migration at start, column types that JPA lacks,
 * and time-ordered identifiers.
 *
 * <p>Decisions: the schema is written by Flyway only; the second-level cache is off because other controllers write
 * too; instants are {@code timestamptz}, json is {@code jsonb}, an absent uuid is NULL.
 */
package io.foedus.controller.persistence;
