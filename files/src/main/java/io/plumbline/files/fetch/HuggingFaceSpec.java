package io.plumbline.files.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A repository of Hugging Face.
 *
 * @param repository owner and name
 * @param revision a commit, branch or tag; a branch is pinned to its commit before anything is read
 * @see <a href="https://huggingface.co/docs/hub/api">Hub API</a>
 */
record HuggingFaceSpec(String repository, String revision) implements SourceSpec {
  HuggingFaceSpec {
    Hubs.requireRepository(repository);
  }

  static Map<String, Object> defaultValues() {
    return Map.of("revision", "main");
  }

  @Override
  public Listing list(Hubs hubs, AssetKind kind) {
    URI page = URI.create(hubs.huggingFace() + "/" + prefix(kind) + repository);
    Access access = hubs.huggingFaceAccess(page);
    String api = "%s/api/%s/%s".formatted(hubs.huggingFace(), kind.plural(), repository);
    String commit =
        Hubs.isCommit(revision)
            ? revision
            : Hubs.text(
                hubs.page(URI.create(api + "/revision/" + Hubs.encoded(revision)), access), "sha");
    List<RemoteFile> files = new ArrayList<>();
    URI next = URI.create("%s/tree/%s?recursive=true".formatted(api, commit));
    while (next != null) {
      Hubs.Page answer = hubs.page(next, access);
      for (JsonNode entry : answer.json()) {
        if (entry.path("type").asText().equals("file")) {
          KnownFile file = file(entry);
          String uri = "%s/resolve/%s/%s".formatted(page, commit, Hubs.encodedPath(file.path()));
          files.add(new RemoteFile(file, URI.create(uri)));
        }
      }
      next = answer.next();
    }
    return new Listing(commit, access, files);
  }

  private static String prefix(AssetKind kind) {
    return kind == AssetKind.MODEL ? "" : kind.plural() + "/";
  }

  /** Large files have the SHA-256 of their bytes; the others the id of a git object. */
  private static KnownFile file(JsonNode entry) {
    JsonNode large = entry.path("lfs");
    Checksum checksum =
        large.has("oid")
            ? Checksum.sha256(large.path("oid").asText())
            : entry.has("oid") ? Checksum.gitBlob(entry.path("oid").asText()) : null;
    Long size = entry.has("size") ? entry.path("size").asLong() : null;
    return new KnownFile(entry.path("path").asText(), size, checksum);
  }

  @Override
  public String describe() {
    return "Hugging Face, %s at %s".formatted(repository, revision);
  }
}
