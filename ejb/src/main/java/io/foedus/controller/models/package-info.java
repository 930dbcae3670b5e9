/** The model trail: content-addressed files, each with the model it came from and, if a round made it, its proof. */
package io.foedus.controller.models;
