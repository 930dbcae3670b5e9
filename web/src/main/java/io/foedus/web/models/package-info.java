/**
 * The models of an alliance: their tree, one of them with its proof and its validations, two side by side.
 *
 * <p>Decisions a tester can check: the tree is drawn beside the list in its own order only; a model without a round is
 * a seed; two models are compared client by client over the clients that validated both.
 */
package io.foedus.web.models;
