/** JSON as the controller speaks it: records in and out, absent for null. */
@NullMarked
package io.foedus.combiner.json;

import org.jspecify.annotations.NullMarked;
