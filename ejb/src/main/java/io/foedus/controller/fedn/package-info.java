/**
 * What FEDn's API lists and ours does not in that shape: rounds and validations over all sessions of an alliance. Reads
 * only.
 */
package io.foedus.controller.fedn;
