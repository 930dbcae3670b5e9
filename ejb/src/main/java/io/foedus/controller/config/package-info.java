/**
 * The controller's settings: one validated record, read once at start from MicroProfile Config. Keys and defaults are
 * listed in {@code docs/configuration.md}; a test pins them.
 */
package io.foedus.controller.config;
