/** What both gRPC faces need at their edge: who is calling, and a queue that is polite to slow readers. */
@NullMarked
package io.foedus.combiner.agents.boundary;

import org.jspecify.annotations.NullMarked;
