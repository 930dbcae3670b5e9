/** The facts of a share in flight: who was asked, what came back, what became of it. */
@NullMarked
package io.foedus.combiner.collection.entity;

import org.jspecify.annotations.NullMarked;
