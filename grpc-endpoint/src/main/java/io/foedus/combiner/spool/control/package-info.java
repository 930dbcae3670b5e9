/**
 * Bytes of agents on disk.
 *
 * <ul>
 *   <li>An upload is a file that only grows; what arrived survives a broken call and a killed combiner, and the digest
 *       of the whole decides whether it was right.
 *   <li>Complete means: every byte on the disk ({@code fsync}), digest equal, name changed atomically.
 *   <li>Nothing is accepted that would leave less free space than the reserve; a full disk is an answer, not a crash.
 *   <li>A journal is lines of JSON, each forced to disk before its fact is told to anybody; a torn last line is no
 *       line.
 * </ul>
 */
@NullMarked
package io.foedus.combiner.spool.control;

import org.jspecify.annotations.NullMarked;
