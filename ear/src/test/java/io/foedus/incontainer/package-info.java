/**
 * Tests that run inside the controller, as part of its own WAR on Payara Micro: what only a container does
 * (transactions, locks between them, timers, events after commit) is seen there with the boundaries injected.
 * Decisions: the deployment is the built WAR with the tests added to it, never a selection of classes; it is started by
 * the kit of {@link io.foedus.federation}, because a data source that is configured by environment variables needs a
 * process that gets some, which Payara's own adapter cannot give, and because that adapter listens to the whole
 * network.
 */
@org.jspecify.annotations.NullMarked
package io.foedus.incontainer;
