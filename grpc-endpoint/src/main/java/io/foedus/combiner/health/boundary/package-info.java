/**
 * What an orchestrator may ask: is the combiner ready to work (its port is bound and the controller answered lately),
 * and does it live.
 */
@NullMarked
package io.foedus.combiner.health.boundary;

import org.jspecify.annotations.NullMarked;
