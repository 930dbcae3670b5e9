/**
 * What clients measured of global models: one validation per model and client, and what they say together.
 *
 * <p>Decisions: a later validation of the same model by the same client replaces the earlier one; means are weighted by
 * examples; only numbers are summed up, everything else a client reports is kept as it is.
 */
package io.foedus.controller.validation;
