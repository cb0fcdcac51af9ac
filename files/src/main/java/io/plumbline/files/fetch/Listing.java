package io.plumbline.files.fetch;

import java.util.List;

/**
 * What a source offers.
 *
 * @param revision the commit that a branch meant when the list was made; null if it has none
 * @param access how its files may be had
 */
record Listing(String revision, Access access, List<RemoteFile> files) {}
