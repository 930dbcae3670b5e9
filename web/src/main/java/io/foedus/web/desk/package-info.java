/**
 * The desk that every page lies on: who is signed in, which alliance is looked at, words and looks of values, live
 * news.
 *
 * <p>Decisions a tester can check: the alliance in the address wins, then the page's, then the one looked at last; news
 * that reach a browser are a topic and an id, never content; a refusal of the controller becomes a message with its
 * remedy on the page it happened on; states have a word and an icon.
 */
package io.foedus.web.desk;
