/**
 * The whole system on one machine: a real PostgreSQL, controllers and combiners on Payara Micro and agents, each a
 * process of its own that cannot outlive its starter. Decisions: nothing here is a shortcut past REST or gRPC, so what
 * the demo shows is what an installation does; servers listen on loopback unless told otherwise; secrets are made at
 * the first start, kept in files of mode 0600 and never put on a command line.
 */
@NullMarked
package io.foedus.launcher;

import org.jspecify.annotations.NullMarked;
