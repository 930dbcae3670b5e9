/**
 * Compute packages: the archives that agents run.
 *
 * <p>Decisions: an archive is stored by its digest and looked through before anybody may run it; it is refused whole,
 * naming the entry, if an entry would leave the directory it is unpacked into, is a device or a link that leads out, or
 * if the sizes exceed the limits; {@code fedn.yaml} must name a {@code train} or {@code validate} entry point. At most
 * one package of an alliance is active; sessions keep the one they began with.
 */
package io.foedus.controller.packages;
