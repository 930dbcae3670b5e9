/**
 * Does the work of one task: model in, entry point, model or metrics out, and makes a result of what the entry point
 * left behind. The model files are opaque here.
 */
@NullMarked
package io.foedus.agent.training;

import org.jspecify.annotations.NullMarked;
