/**
 * FEDn's own programs, unmodified and installed from their package by name, against running servers: its client, its
 * {@code APIClient}, its command line; and the examples, which data scientists copy. What is missing on a machine
 * (Python, a package) is said in the reason with which a test is skipped.
 */
@org.jspecify.annotations.NullMarked
package io.foedus.conformance;
