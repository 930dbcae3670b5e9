/**
 * Alliances: named federations with their members and description.
 *
 * <p>Decisions: a name is a DNS label, never changes and is what URLs carry; only admins create and end alliances;
 * deleting one deletes everything in it and is refused while a session runs; an alliance the caller has no role in does
 * not exist for it.
 */
package io.foedus.controller.alliances;
