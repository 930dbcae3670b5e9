/**
 * The controller: remembers everything in PostgreSQL and acts on it.
 *
 * <p>Each package below is a business component with {@code boundary} (transactions begin here, and nowhere else),
 * {@code control} (steps and policies that run inside a boundary's transaction) and {@code entity} (what is
 * remembered). A component enters another through its boundary or reads its entities, never its control. What
 * boundaries give out are immutable records shaped like {@code docs/api.md}.
 */
package io.foedus.controller;
