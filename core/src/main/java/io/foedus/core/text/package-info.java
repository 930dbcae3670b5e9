/**
 * Text that strangers wrote: names, reasons, messages, the end of a log. {@link io.foedus.core.text.Printable} is what
 * every door uses before such a text reaches a log, an event or the database.
 */
@NullMarked
package io.foedus.core.text;

import org.jspecify.annotations.NullMarked;
