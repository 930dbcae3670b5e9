/**
 * Training campaigns: their plans, and what people do with them.
 *
 * <p>Decisions: a plan is checked whole when the session is created, every breach is listed; a paused session lets its
 * round end and opens no other; stopping now cancels the round, stopping after the round lets it end; a session may
 * begin at any model of its alliance; it needs no package if its clients bring their own program, as FEDn's do; the
 * session's row is the lock under which its rounds are advanced.
 */
package io.foedus.controller.sessions;
