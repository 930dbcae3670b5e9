/**
 * Bytes that are named by their SHA-256: models, updates, partials, compute packages.
 *
 * <ul>
 *   <li>A blob appears complete and verified or not at all, and never changes afterwards; so it can be cached, resumed
 *       and stored twice without harm.
 *   <li>A transfer that broke off leaves a partial under the digest it promised; the next attempt goes on at its
 *       length.
 *   <li>Controller and combiner use the same port; a directory is the one implementation that needs nothing else.
 * </ul>
 */
@NullMarked
package io.foedus.core.blobs;

import org.jspecify.annotations.NullMarked;
