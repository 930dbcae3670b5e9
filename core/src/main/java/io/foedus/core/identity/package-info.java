/**
 * What identities look like outside the program that made them: the text of a token, which controller and agent both
 * write, and the ticket that the controller seals and a combiner opens. Who is who, and who may do what, is the
 * controller's.
 */
@NullMarked
package io.foedus.core.identity;

import org.jspecify.annotations.NullMarked;
