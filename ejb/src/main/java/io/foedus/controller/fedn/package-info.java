/** How FEDn starts sessions, which is stricter than our own API: one at a time, with the clients that are there. */
package io.foedus.controller.fedn;
