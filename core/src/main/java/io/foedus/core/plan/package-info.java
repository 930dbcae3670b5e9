/**
 * What a session is asked to do. {@link io.foedus.core.plan.Plan} is the only form of it in the program: the database,
 * manifests, the REST API and the controller's orders are fed by {@link io.foedus.core.plan.Plan#toMap}; forms, command
 * lines and other people's APIs make such a map and have it read by {@link io.foedus.core.plan.Plan#read}, which tells
 * every breach with its key, so that each can be shown where it was typed.
 *
 * <p>{@link io.foedus.core.plan.PlanKey#ALL} is the table of keys: name, default, bounds and a sentence for each,
 * stated once. Help texts are drawn from it, and a test holds {@code docs/api.md} against it.
 */
@NullMarked
package io.foedus.core.plan;

import org.jspecify.annotations.NullMarked;
