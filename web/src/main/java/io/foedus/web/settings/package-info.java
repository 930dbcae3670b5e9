/**
 * The own account and tokens; for admins the accounts of the installation, tokens for combiners, and what runs here.
 */
package io.foedus.web.settings;
