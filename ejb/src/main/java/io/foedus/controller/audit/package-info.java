/**
 * Who changed what: an append-only, hash-chained log in the transaction of the change itself.
 *
 * <p>Decisions a tester can check: an entry exists exactly if its change was committed; refusals of permission and
 * failed logins are entries of their own transaction; each hash covers the previous hash and the whole row, so that a
 * changed, removed or inserted row breaks the chain from there on; the database refuses UPDATE and DELETE; no secret is
 * ever in the details.
 */
package io.foedus.controller.audit;
