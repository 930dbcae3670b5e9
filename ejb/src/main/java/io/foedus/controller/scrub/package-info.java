/**
 * Disks forget: blobs that somebody may need are read again from time to time, and before a round hands one out, and
 * compared with their digests. What is found damaged is marked, told as an event, and given to nobody.
 */
package io.foedus.controller.scrub;
