/**
 * Who is calling and what they may do: accounts, members' roles, tokens, tickets, keys.
 *
 * <p>Decisions a tester can check: no account exists until first-run setup makes one; every secret is stored only as a
 * hash (PBKDF2 for passwords, HMAC with the installation's pepper for tokens);
 * {@link io.foedus.controller.identity.entity.AccessPolicy} is the only place that grants anything and it denies by
 * default; what an actor may not see is unknown to it, what it may see but not do is forbidden; the last admin cannot
 * be removed. Boundaries receive the {@link io.foedus.controller.identity.entity.Actor} as an argument, so that timers,
 * tests and the REST door use the same path.
 */
package io.foedus.controller.identity;
