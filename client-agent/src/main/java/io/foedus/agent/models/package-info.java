/**
 * Commands on model files that need no server: inspect, diff, convert, aggregate.
 *
 * <p>They use the very code that combiners and the reducer run ({@code io.foedus.core}), so an aggregate made here has
 * the bytes that a round would have. A file that is no model ends in exit code {@code INVALID} with the place of the
 * fault; output files appear whole or not at all.
 */
@NullMarked
package io.foedus.agent.models;

import org.jspecify.annotations.NullMarked;
