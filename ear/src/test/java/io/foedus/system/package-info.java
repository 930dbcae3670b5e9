/**
 * The main job and what may go wrong in it, tested on whole systems: the built WARs on Payara Micro, the built EAR on
 * Payara Server, agents as programs, the command line as people type it. Every expected value is seen from outside, by
 * REST, by SQL or in a file; no class of the product is replaced.
 */
@org.jspecify.annotations.NullMarked
package io.foedus.system;
