/**
 * The operator's commands over the controller's REST API: one class per noun, one method per verb. Each prints what the
 * controller answered, as a table or as JSON.
 */
@NullMarked
package io.foedus.agent.operator;

import org.jspecify.annotations.NullMarked;
