/**
 * Samples over time, for charts: of this controller, of combiners, of clients. Kept for a set time; nothing is decided
 * by them.
 */
package io.foedus.controller.telemetry;
