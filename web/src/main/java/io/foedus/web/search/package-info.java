/** The search of the bar: one question over sessions, clients, models and packages of the alliance on the desk. */
package io.foedus.web.search;
