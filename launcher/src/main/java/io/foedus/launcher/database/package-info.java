/**
 * A real PostgreSQL for those who have none at hand. Its binaries come with this program, its data directory is kept,
 * it listens on loopback and asks for a password, and after a crash it starts from its own log like any PostgreSQL.
 * PostgreSQL refuses to run as root; there it gets a user namespace in which it is nobody.
 */
@NullMarked
package io.foedus.launcher.database;

import org.jspecify.annotations.NullMarked;
