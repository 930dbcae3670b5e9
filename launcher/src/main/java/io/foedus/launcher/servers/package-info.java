/**
 * Controllers and combiners as Payara Micro processes. The runtime is unpacked once (five seconds less at each start)
 * and hard-linked into a fresh root directory per process, so that a start never inherits the deployments of the last;
 * readiness is what {@code /health/ready} says, because Payara Micro stays alive when a deployment fails. It also opens
 * its port long before the WAR answers; at the port of {@code foedus server} a {@link io.foedus.launcher.servers.Door}
 * answers until then.
 */
@NullMarked
package io.foedus.launcher.servers;

import org.jspecify.annotations.NullMarked;
