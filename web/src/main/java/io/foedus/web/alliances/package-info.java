/**
 * Alliances, their members, and how clients come in. The text of a token is on the page once, after it was made, and
 * nowhere else.
 */
package io.foedus.web.alliances;
