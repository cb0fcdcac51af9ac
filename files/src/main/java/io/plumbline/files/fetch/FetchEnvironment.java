package io.plumbline.files.fetch;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the environment variables say: where a user keeps models and data sets, and how hubs are
 * reached.
 *
 * @param modelsRoot GSIM_MODELS_ROOT; null if unset
 * @param datasetsRoot GSIM_DATASETS_ROOT; null if unset
 * @param externalRoot EXTERNAL_REF_ROOT, with both below it; null if unset
 * @param huggingFace HF_ENDPOINT, without a slash at its end
 * @param huggingFaceToken HF_TOKEN; null if unset
 * @param modelScope MODELSCOPE_ENDPOINT, without a slash at its end
 * @param modelScopeToken MODELSCOPE_API_TOKEN; null if unset
 */
public record FetchEnvironment(
    Path modelsRoot,
    Path datasetsRoot,
    Path externalRoot,
    URI huggingFace,
    String huggingFaceToken,
    URI modelScope,
    String modelScopeToken) {

  /** Reads them; an empty variable counts as unset. */
  public static FetchEnvironment of(Map<String, String> variables) {
    return new FetchEnvironment(
        path(variables, AssetKind.MODEL.rootVariable()),
        path(variables, AssetKind.DATASET.rootVariable()),
        path(variables, PathResolver.EXTERNAL_REF_ROOT),
        endpoint(variables, "HF_ENDPOINT", "https://huggingface.co"),
        text(variables, "HF_TOKEN"),
        endpoint(variables, "MODELSCOPE_ENDPOINT", "https://www.modelscope.cn"),
        text(variables, "MODELSCOPE_API_TOKEN"));
  }

  private static String text(Map<String, String> variables, String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static Path path(Map<String, String> variables, String name) {
    String value = text(variables, name);
    return value == null ? null : Path.of(value).toAbsolutePath().normalize();
  }

  private static URI endpoint(Map<String, String> variables, String name, String usual) {
    String value = text(variables, name);
    String address = (value == null ? usual : value).replaceAll("/+$", "");
    try {
      URI uri = new URI(address);
      if (uri.getHost() != null && address.matches("https?://.*")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below, together with what only looks like an address.
    }
    throw new BadInputException("%s (%s) is no address. Maybe: %s".formatted(name, value, usual));
  }

  /** The user's folder of a kind; null if unset. */
  Path root(AssetKind kind) {
    return switch (kind) {
      case MODEL -> modelsRoot;
      case DATASET -> datasetsRoot;
    };
  }

  /** Without the tokens, so that none gets into a message. */
  @Override
  public String toString() {
    return "models %s, datasets %s, external %s, hubs %s and %s"
        .formatted(modelsRoot, datasetsRoot, externalRoot, huggingFace, modelScope);
  }
}
