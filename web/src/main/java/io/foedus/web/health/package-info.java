/**
 * What probes ask: ready means that the database answers and has this program's schema; alive means that it answers.
 */
package io.foedus.web.health;
