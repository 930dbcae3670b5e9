/** Who an agent is, and how it is spoken to. */
@NullMarked
package io.foedus.combiner.agents.entity;

import org.jspecify.annotations.NullMarked;
