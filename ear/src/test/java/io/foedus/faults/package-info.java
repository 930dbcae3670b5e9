/**
 * Kills, cuts and fills up whole federations, and looks afterwards whether every accepted update was counted exactly
 * once. Decisions:
 *
 * <ul>
 *   <li>A fault strikes at a {@link io.foedus.faults.Moment} of a round, not after a time: the round is stopped there
 *       (by a row lock, by the test's own line between two programs, or by the compute package), the fault happens, the
 *       round goes on. A moment that did not come fails the test, so that nothing survives a fault that missed it. Only
 *       in a random {@link io.foedus.faults.Schedule} do later faults strike after drawn times, and a moment may be
 *       missed: there, many schedules do what one exact blow does elsewhere.
 *   <li>{@link io.foedus.faults.Checker} trusts nobody: it reads rows, manifests and files, and computes models again.
 *   <li>Cases share one federation; a case starts again only what it killed. What is left to chance (round, agent,
 *       model) comes from a seed, {@code -Dfaults.seed=…}, which is printed.
 * </ul>
 */
@NullMarked
package io.foedus.faults;

import org.jspecify.annotations.NullMarked;
