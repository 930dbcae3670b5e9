/**
 * {@code foedus doctor}: looks at this machine for what the other commands need and says for each thing how it stands
 * and, where it is not well, what to do. It changes nothing.
 */
@NullMarked
package io.foedus.launcher.doctor;

import org.jspecify.annotations.NullMarked;
