/**
 * Measurements that anybody can repeat on their own machine. A benchmark makes its own seeded input, runs several
 * times, reports the median, and measures a plain reference in the same run, so that the ratio survives a change of
 * machine.
 */
@NullMarked
package io.foedus.agent.bench;

import org.jspecify.annotations.NullMarked;
