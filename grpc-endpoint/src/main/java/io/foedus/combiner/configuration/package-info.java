/**
 * What an operator can set. One record, read once at start; every breach is reported in one message; every default is
 * pinned in a test and explained in {@code docs/configuration.md}.
 */
@NullMarked
package io.foedus.combiner.configuration;

import org.jspecify.annotations.NullMarked;
