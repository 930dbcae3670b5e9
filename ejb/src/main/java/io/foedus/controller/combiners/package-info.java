/**
 * The nodes between controller and clients: registration, heartbeats that are held open until there is news, leases.
 *
 * <p>Decisions: registering again moves the epoch on, and so does the expiry of the lease; an older epoch is refused
 * everywhere; an answer always lists all open orders, so a lost answer does no harm; a combiner that is silent longer
 * than its lease loses its shares and its clients.
 */
package io.foedus.controller.combiners;
