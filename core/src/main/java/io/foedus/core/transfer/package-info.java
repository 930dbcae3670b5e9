/** What a server asks of those who send it files: pure decisions, whoever reads the bytes. */
@NullMarked
package io.foedus.core.transfer;

import org.jspecify.annotations.NullMarked;
