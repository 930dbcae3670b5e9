/**
 * The engine: opens rounds, offers shares to combiners, judges what they report, merges partials into the next global
 * model, has it validated.
 *
 * <p>Decisions a tester can check:
 *
 * <ul>
 *   <li>No round lives in a thread. {@code RoundClock} only says "look"; the rows say what is due; the session's row is
 *       the lock under which its rounds move, so any number of controllers may look at once and any may die.
 *   <li>A step that was lost to another controller is no error and is not waited for.
 *   <li>A combiner's report counts only under its current epoch, for a share that is open under it, once.
 *   <li>A round closes by {@code RoundPolicy}; lost shares lower what is expected at once.
 *   <li>A round that cannot reach its minimum without a lost share hopes for two leases: for its combiner, or for its
 *       clients where they move.
 *   <li>Time alone ends a round only after its combiners had a lease to be heard, counted from when they, and this
 *       controller, were last away; three leases are the most.
 *   <li>Merging happens outside transactions under a claim that is renewed by time while the reducer lives; a claim
 *       that is not renewed in time is taken over, and the same inputs give the same bytes. Model, manifest and round
 *       are committed together.
 *   <li>What is folded, summed up and signed is what reports accepted; a manifest that says anything else is not
 *       signed.
 *   <li>What goes wrong in merging fails the round, at once or, where nobody foresaw it, after five times.
 *   <li>A round that fails is tried again from the same model, {@code retries} times; then the session fails.
 * </ul>
 */
package io.foedus.controller.rounds;
