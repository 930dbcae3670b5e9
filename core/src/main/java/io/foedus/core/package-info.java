/**
 * Decides and computes on values and files; knows only the JDK.
 *
 * <p>Components: {@code models} (model files and formats), {@code aggregation} (the blocked fold, its kernels, server
 * optimizers), {@code plan} (what a session is asked to do), {@code round} (phases, policy, tally, selection),
 * {@code liveness} (leases), {@code blobs} (content-addressed files), {@code lineage} (manifests), {@code json}.
 * Nothing here opens a socket, a database or a thread of its own except where its javadoc says so; time is a parameter.
 */
@org.jspecify.annotations.NullMarked
package io.foedus.core;
