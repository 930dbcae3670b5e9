/**
 * Measures whole federations on this machine: real PostgreSQL, controller and combiner as processes of their own,
 * agents inside this program. Everything lives in a temporary directory and is gone afterwards.
 */
@NullMarked
package io.foedus.launcher.bench;

import org.jspecify.annotations.NullMarked;
