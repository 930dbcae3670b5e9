/**
 * FEDn's REST API (0.33) over the controller's boundaries, so that its client, {@code APIClient} and command line work
 * unchanged: {@code /fedn/{alliance}/api/v1/…}, and {@code /api/v1/…} for the alliance that
 * {@code foedus.fedn.default-alliance} names.
 *
 * <p>An adapter: it asks boundaries and renames what they answer, and decides nothing. Decisions a tester can check: a
 * list answers {@code {"count", "result"}}; an error is {@code {"message"}} with a status and never a stack trace; a
 * client that cannot be placed yet is told 203, which makes it wait, and never 5xx, which would end it; what exists in
 * FEDn but not here says so in its message.
 */
package io.foedus.web.fedn;
