/**
 * What controller and combiner say to each other: one record per body of the REST API's section Combiners, and one per
 * answer. Both ends compile against these and both bind them to JSON by JSON-B as it is by default (a member has its
 * component's name, absent stands for null): the controller's JAX-RS and the combiner's server bring that binder
 * anyway, it reads records as they are, and nothing here has to know it.
 *
 * <p>The two ends need not have the same version. So a component is added, never renamed or given another meaning; a
 * reader ignores members that it does not know; a constructor sets what the other side did not say to what was true
 * before there was such a component, and shortens texts that came from clients. A new word of an enum is told only when
 * those who read it know it: a controller is upgraded before its combiners. Samples of the previous version lie with
 * the tests.
 */
@NullMarked
package io.foedus.core.exchange;

import org.jspecify.annotations.NullMarked;
