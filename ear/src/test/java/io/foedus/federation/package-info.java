/**
 * Whole federations for tests, of the processes that people run: embedded PostgreSQL, controllers and combiners on
 * Payara Micro from the built WARs, agents as programs of their own. They are started by the launcher's classes, so
 * that a test starts nothing in a way of its own. Decisions: a federation's files and logs stay under
 * {@code target/it/<name>} until its next start; every member is known by its name, and keeps ports and files when it
 * is killed and started again; a test waits for what it wants to see, never for a time.
 */
@org.jspecify.annotations.NullMarked
package io.foedus.federation;
