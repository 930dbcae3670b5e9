/**
 * What happened, and who changed what: two lists with filters. The audit log is for admins and shows how far its chain
 * was checked.
 */
package io.foedus.web.events;
