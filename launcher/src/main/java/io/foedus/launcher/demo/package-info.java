/**
 * {@code foedus demo}: real agents train a small network on real handwritten digits, through the same REST and gRPC
 * that an installation uses. Decisions: every run starts from the same seed model, so that its accuracies can be
 * compared; alliance, package and seed are made once and found again (409 is the expected answer the second time);
 * accuracies are those that the agents' validations reported, asked from the REST API, never computed here.
 */
@NullMarked
package io.foedus.launcher.demo;

import org.jspecify.annotations.NullMarked;
