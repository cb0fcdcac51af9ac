package io.plumbline.files.fetch;

import java.net.URI;

/** A file that can be downloaded. */
record RemoteFile(KnownFile file, URI uri) {
  String path() {
    return file.path();
  }
}
