/**
 * The controller's bytes: one content-addressed store for packages, models and partials, shared by the controllers of
 * an installation, and the folders where they are made. Bytes first, row second, answer third.
 */
package io.foedus.controller.blobs;
