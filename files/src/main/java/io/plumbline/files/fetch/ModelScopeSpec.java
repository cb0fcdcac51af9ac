package io.plumbline.files.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model repository of ModelScope.
 *
 * @param repository owner and name
 * @param revision a branch, tag or commit
 * @see <a href="https://github.com/modelscope/modelscope/tree/master/modelscope/hub">its client</a>
 */
record ModelScopeSpec(String repository, String revision) implements SourceSpec {
  ModelScopeSpec {
    Hubs.requireRepository(repository);
  }

  static Map<String, Object> defaultValues() {
    return Map.of("revision", "master");
  }

  @Override
  public Listing list(Hubs hubs, AssetKind kind) {
    String models = hubs.modelScope() + "/models/" + repository;
    Access access = hubs.modelScopeAccess(URI.create(models));
    String api = "%s/api/v1/models/%s/repo".formatted(hubs.modelScope(), repository);
    String query = "?Revision=" + Hubs.encoded(revision);
    URI list = URI.create(api + "/files" + query + "&Recursive=true");
    JsonNode answer = hubs.page(list, access).json();
    if (!answer.path("Success").asBoolean()) {
      throw new FetchException(
          "%s: ModelScope said: %s".formatted(list, answer.path("Message").asText("nothing")));
    }
    List<RemoteFile> files = new ArrayList<>();
    for (JsonNode entry : answer.path("Data").path("Files")) {
      if (entry.path("Type").asText().equals("blob")) {
        KnownFile file = file(entry);
        String uri = api + query + "&FilePath=" + Hubs.encoded(file.path());
        files.add(new RemoteFile(file, URI.create(uri)));
      }
    }
    return new Listing(revision, access, files);
  }

  private static KnownFile file(JsonNode entry) {
    String sha256 = entry.path("Sha256").asText("");
    Long size = entry.has("Size") ? entry.path("Size").asLong() : null;
    return new KnownFile(
        entry.path("Path").asText(), size, sha256.isEmpty() ? null : Checksum.sha256(sha256));
  }

  @Override
  public String describe() {
    return "ModelScope, %s at %s".formatted(repository, revision);
  }
}
