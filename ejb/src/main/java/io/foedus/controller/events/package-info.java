/** What happened, told for people: append-only, paged by id, kept for a set time. Nothing is decided by an event. */
package io.foedus.controller.events;
