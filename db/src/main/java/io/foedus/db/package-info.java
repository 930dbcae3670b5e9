/**
 * The schema of the controller's database.
 *
 * <p>Migrations are plain SQL under {@code db/migration}, applied forward only, each in one transaction, under Flyway's
 * lock: any number of controllers may start at once. A database that is dirty, was changed by hand or is newer than
 * this program is refused, never repaired silently.
 */
@org.jspecify.annotations.NullMarked
package io.foedus.db;
