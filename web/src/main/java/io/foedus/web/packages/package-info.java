/**
 * Compute packages: which there are, which is active, a new one by upload. Received files lie below the controller's
 * data directory until they are kept.
 */
package io.foedus.web.packages;
