/** What can go wrong with an upload, as values that the gRPC faces translate. */
@NullMarked
package io.foedus.combiner.spool.entity;

import org.jspecify.annotations.NullMarked;
