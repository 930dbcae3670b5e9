/**
 * A whole federation in one JVM: the real combiner over in-process gRPC, simulated agents that speak the real protocol,
 * and a controller in memory that keeps the promises of {@link io.foedus.combiner.uplink.control.Controller}, with a
 * firewall between.
 */
@NullMarked
package io.foedus.combiner.local;

import org.jspecify.annotations.NullMarked;
