/**
 * The admin UI in a real Chromium, over a running federation. Where there is no Chromium these tests are skipped and
 * say so; {@code FOEDUS_CHROMIUM} names one that is not in a usual place. Every visit ends with the demand that the
 * browser complained of nothing: no error on the console, no breach of the content security policy, no request to
 * another host.
 */
@NullMarked
package io.foedus.ui;

import org.jspecify.annotations.NullMarked;
