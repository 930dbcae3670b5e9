/** The controller's only source of time: a {@link java.time.Clock} to inject, which tests replace by one they set. */
package io.foedus.controller.time;
