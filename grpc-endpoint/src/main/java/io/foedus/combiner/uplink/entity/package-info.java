/**
 * What combiner and controller tell each other: the bodies of {@code docs/api.md}, section Combiners, as records.
 * Absent lists and maps read as empty; unknown fields are ignored.
 */
@NullMarked
package io.foedus.combiner.uplink.entity;

import org.jspecify.annotations.NullMarked;
