package io.plumbline.files.fetch;

/** What a reference refers to, which says where a user keeps it. */
enum AssetKind {
  MODEL("GSIM_MODELS_ROOT", "models"),
  DATASET("GSIM_DATASETS_ROOT", "datasets");

  private final String rootVariable;
  private final String plural;

  AssetKind(String rootVariable, String plural) {
    this.rootVariable = rootVariable;
    this.plural = plural;
  }

  /** Environment variable that names the user's folder of such things. */
  String rootVariable() {
    return rootVariable;
  }

  /** Their folder below EXTERNAL_REF_ROOT, and their word in the addresses of Hugging Face. */
  String plural() {
    return plural;
  }
}
