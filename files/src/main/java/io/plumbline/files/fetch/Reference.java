package io.plumbline.files.fetch;

import io.plumbline.files.Names;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model or a data set that stays outside the repository: a file {@code reference.yaml}.
 *
 * @param name for people
 * @param licence of the files, in a few words
 * @param folders where it is looked for below a root, in this order; a download goes to the first
 * @param include names and patterns of its files; a name must be there, a pattern must fit at least
 *     one file; all files if empty, which needs a source of kind urls
 * @param exclude patterns of files that are not wanted
 * @param sources where it can be had, the usual one first
 */
record Reference(
    String name,
    AssetKind kind,
    String licence,
    List<String> folders,
    List<String> include,
    List<String> exclude,
    List<SourceSpec> sources) {

  Reference {
    if (folders.isEmpty()) {
      throw new IllegalArgumentException("folders ([]) must have an entry");
    }
    for (String folder : folders) {
      if (!isBelow(folder)) {
        throw new IllegalArgumentException(
            "folders (%s) must be below a root: no .. and no / at the start".formatted(folder));
      }
    }
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("sources ([]) must have an entry");
    }
    long kinds = sources.stream().map(Object::getClass).distinct().count();
    if (kinds < sources.size()) {
      throw new IllegalArgumentException("sources must have each kind once");
    }
    if (include.isEmpty() && sources.stream().allMatch(s -> s.knownFiles().isEmpty())) {
      throw new IllegalArgumentException("include ([]) must have an entry: no source names files");
    }
    // Patterns are checked when they are made.
    new FilePatterns(include);
    new FilePatterns(exclude);
  }

  /** All files, nothing excluded. */
  static Map<String, Object> defaultValues() {
    return Map.of("include", List.of(), "exclude", List.of());
  }

  /** Whether a path stays in the folder that it is resolved against. */
  static boolean isBelow(String path) {
    Path relative = Path.of(path);
    return !relative.isAbsolute()
        && !path.isEmpty()
        && !relative.normalize().startsWith("..")
        && !relative.normalize().toString().isEmpty();
  }

  /** Names and patterns of its files, as {@code include} or else a source has them. */
  List<String> wantedFiles() {
    if (!include.isEmpty()) {
      return include;
    }
    return knownFiles().stream().map(KnownFile::path).toList();
  }

  /** What the file itself says of its files. */
  List<KnownFile> knownFiles() {
    return sources.stream().flatMap(source -> source.knownFiles().stream()).toList();
  }

  /** Kinds of its sources, as a command line names them. */
  List<String> sourceKinds() {
    return sources.stream().map(source -> Names.kind(source.getClass())).toList();
  }
}
