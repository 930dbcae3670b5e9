/**
 * Compute packages at a site: fetched once per digest, checked, unpacked without trusting them, described by
 * {@code fedn.yaml}, with a Python environment where they ask for one.
 *
 * <p>An archive may be a tar (plain, gzip, bzip2) or a zip, with or without a top folder. Links, devices, absolute
 * names, names with {@code ..} and archives beyond the {@code UnpackLimits} are refused before anything is executed.
 */
@NullMarked
package io.foedus.agent.packages;

import org.jspecify.annotations.NullMarked;
