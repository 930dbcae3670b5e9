/**
 * How everybody hears of a change: a transaction tells {@code pg_notify}, PostgreSQL delivers at commit to every
 * controller, each turns it into CDI events. One path for one controller and for several.
 *
 * <p>Decisions: news carries a topic and an id, never content, so that whoever hears it reads the rows and losing or
 * doubling news does no harm; after a break of the connection a {@code NewsMissed} says that everything should be
 * looked at; synchronous observers ({@code @Observes}) must not block, others use {@code @ObservesAsync}.
 */
package io.foedus.controller.news;
