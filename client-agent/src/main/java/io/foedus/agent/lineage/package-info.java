/**
 * Checks where models came from, without trusting who tells it: signatures of manifests, the chain of their hashes, the
 * models' bytes, and, where updates were kept, the fold itself, done again and compared bit for bit. Works on a folder
 * of files; nothing here calls a server.
 */
@NullMarked
package io.foedus.agent.lineage;

import org.jspecify.annotations.NullMarked;
