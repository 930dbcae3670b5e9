/**
 * The controller, its combiners and the clients that hang on them: as a picture, as tables, one client by itself.
 *
 * <p>Decisions a tester can check: the picture names at most forty clients of a combiner and counts the rest; what it
 * shows is in the tables too.
 */
package io.foedus.web.network;
