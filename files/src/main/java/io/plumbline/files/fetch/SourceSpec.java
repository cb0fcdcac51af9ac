package io.plumbline.files.fetch;

import java.util.List;

/** Where files can be had. */
sealed interface SourceSpec permits HuggingFaceSpec, ModelScopeSpec, UrlsSpec {
  /** Asks for all that there is. */
  Listing list(Hubs hubs, AssetKind kind);

  /** Files that it names without being asked; empty for a hub. */
  default List<KnownFile> knownFiles() {
    return List.of();
  }

  /** For people: which hub and what there. */
  String describe();
}
