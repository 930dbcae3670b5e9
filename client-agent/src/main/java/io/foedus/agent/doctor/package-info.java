/** Looks at a site for what an agent needs, and says how to mend what is missing. Nothing is changed by looking. */
@NullMarked
package io.foedus.agent.doctor;

import org.jspecify.annotations.NullMarked;
