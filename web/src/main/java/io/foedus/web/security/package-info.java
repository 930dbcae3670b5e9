/**
 * The web application's one authentication mechanism and what guards every response.
 *
 * <p>Decisions a tester can check: a bearer token makes no session; cookies are ignored under {@code /api} and
 * {@code /fedn}; HTTP Basic counts for {@code POST /api/tokens} only; a login gets a new session id; what is not listed
 * as open in {@code web.xml} needs a login; each response carries the security headers, errors included.
 */
package io.foedus.web.security;
