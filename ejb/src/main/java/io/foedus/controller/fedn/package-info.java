/**
 * What FEDn's API lists and ours does not in that shape: rounds and validations over all sessions of an alliance; and
 * how it starts sessions, which is stricter than our own API: one at a time, with the clients that are there.
 */
package io.foedus.controller.fedn;
