/**
 * What clients log about themselves and their training besides updates and validations: attributes (a key's latest
 * value counts, older ones stay) and metrics per step.
 *
 * <p>A combiner reports them for its clients; an operator may set an attribute. Append-only; a report about a client
 * that does not exist any more is passed over.
 */
package io.foedus.controller.observations;
