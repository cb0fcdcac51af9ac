package io.plumbline.files.fetch;

import java.net.URI;
import java.util.List;

/** Single files at addresses of their own. */
record UrlsSpec(List<UrlFile> files) implements SourceSpec {
  UrlsSpec {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files ([]) must have an entry");
    }
    long paths = files.stream().map(UrlFile::path).distinct().count();
    if (paths < files.size()) {
      throw new IllegalArgumentException("files must have each path once");
    }
  }

  @Override
  public Listing list(Hubs hubs, AssetKind kind) {
    List<RemoteFile> remote =
        files.stream().map(file -> new RemoteFile(file.known(), URI.create(file.url()))).toList();
    return new Listing(null, Access.open("Maybe the files have moved."), remote);
  }

  @Override
  public List<KnownFile> knownFiles() {
    return files.stream().map(UrlFile::known).toList();
  }

  @Override
  public String describe() {
    return files.size() == 1 ? files.get(0).url() : "%d addresses".formatted(files.size());
  }
}
