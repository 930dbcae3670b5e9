/**
 * The native REST API of {@code docs/api.md}: each method reads its parameters, makes one call to a boundary and gives
 * back what that returned.
 *
 * <p>Decisions: the alliance of a path is looked up by name for the caller, so that what the caller may not see is
 * unknown; bodies that are bytes go to a file first and count only when they are whole; lists answer {@code items,
 * next, total}.
 */
package io.foedus.web.api;
