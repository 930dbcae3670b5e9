/** The alliance at a glance: big numbers, what runs, what needs somebody; for a new alliance, what to do first. */
package io.foedus.web.overview;
