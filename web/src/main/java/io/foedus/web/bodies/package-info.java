/**
 * What a request's body may cost before anybody looks at it.
 *
 * <p>Decisions a tester can check: a program that has not shown a credential that counts is answered 401 and its body
 * is not read; a body that is not there yet takes one of a bounded number of places (fewer for callers that nobody
 * knows, fewer for one address), and is answered 503 at once when there is none; a body that comes too slowly is cut
 * with 408; forms are small; only the two upload pages take files, from people who operate an alliance, up to what is
 * kept there; a file that was received is gone when its request is over.
 */
package io.foedus.web.bodies;
