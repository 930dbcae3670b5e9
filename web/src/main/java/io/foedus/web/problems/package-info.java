/**
 * How the web application says that something went wrong: {@code application/problem+json} (RFC 9457) to programs, a
 * page to people.
 *
 * <p>Decisions a tester can check: every error of every door has {@code type, title, status, detail, code, remedy,
 * requestId}; no answer names a class or shows a stack; an unexpected error is logged with the request id that the
 * caller sees.
 */
package io.foedus.web.problems;
