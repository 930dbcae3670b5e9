/** What FEDn's face deals in. */
@NullMarked
package io.foedus.combiner.fedn.entity;

import org.jspecify.annotations.NullMarked;
