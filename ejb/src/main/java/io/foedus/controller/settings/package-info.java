/**
 * What an operator may set for the controller: one record, read from MicroProfile Config at start, validated once.
 *
 * <p>Every default is pinned in {@code ControllerSettingsTest} and described in {@code docs/configuration.md}.
 */
package io.foedus.controller.settings;
