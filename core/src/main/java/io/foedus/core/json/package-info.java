/**
 * A small JSON (RFC 8259) reader and writer, because core has no dependencies and manifests must have canonical bytes.
 *
 * <p>Values are plain Java: {@code Map<String, Object>} (in order), {@code List<Object>}, {@code String}, {@code Long},
 * {@code Double}, {@code Boolean} and {@code null}. Canonical bytes have sorted keys, no spaces, and the shortest
 * decimal that reads back as the same double; they do not depend on the Java version.
 */
@NullMarked
package io.foedus.core.json;

import org.jspecify.annotations.NullMarked;
