package io.foedus.core.models;

/**
 * One member of a ZIP archive.
 *
 * @param dataOffset first byte after the local header
 * @param dataBytes length in the archive
 * @param inflatedBytes length of the content; equals {@code dataBytes} if stored
 */
record ZipMember(String name, boolean deflated, long dataOffset, long dataBytes, long inflatedBytes, long crc) {}
