package io.plumbline.files.fetch;

/**
 * A file and what its source says of it.
 *
 * @param path below the folder of the reference, with {@code /}
 * @param sizeBytes null if unknown
 * @param checksum null if unknown
 */
record KnownFile(String path, Long sizeBytes, Checksum checksum) {}
