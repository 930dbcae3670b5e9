/**
 * Bytes of the controller on disk: models by digest, fetched once however many ask, dropped by least recent use when
 * they exceed their share of the disk and no collection holds them.
 */
@NullMarked
package io.foedus.combiner.models.control;

import org.jspecify.annotations.NullMarked;
