/**
 * Model files: what a model looks like on disk, and how its numbers are reached without loading it.
 *
 * <ul>
 *   <li>A model is an ordered list of named tensors; two models can be aggregated if and only if names, order, dtypes
 *       and shapes are equal ({@link io.foedus.core.models.ModelLayout#firstDifference}). An update of other dtypes is
 *       cast to the model's as it is read, where that loses no more than rounding does
 *       ({@link io.foedus.core.models.DType#takes}); the file, and its digest, stay as they came.
 *   <li>Where and how the bytes lie (offset, deflated or stored, byte order, Fortran order) is a matter of the file,
 *       not of the layout; readers always deliver C order, writers always write little-endian C order.
 *   <li>Nothing here needs heap in proportion to a model: headers are read, payload is read in slices on demand.
 *   <li>Files are data from strangers. Every length is checked against the file before anything is allocated; a
 *       malformed file ends in {@link io.foedus.core.models.MalformedModelException} with a sentence for people.
 *   <li>Formats are found by {@link java.util.ServiceLoader}; a site can add its own.
 * </ul>
 */
@NullMarked
package io.foedus.core.models;

import org.jspecify.annotations.NullMarked;
