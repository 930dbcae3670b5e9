/**
 * The one way the controller says no.
 *
 * <p>A use case that cannot be done throws a {@link io.foedus.controller.refusals.Refusal}: its transaction rolls back,
 * nothing half-done stays, and the caller learns a stable code, what is wrong (named), and the remedy. HTTP statuses
 * are chosen from the kind in the web module and nowhere else. Outcomes that are not refusals (placed, already
 * reported, nothing to do) are return values.
 */
package io.foedus.controller.refusals;
