package io.plumbline.jobs;

import io.plumbline.files.run.RunFolder;
import io.plumbline.files.run.RunFolder.LoadedRun;
import java.nio.file.Path;
import java.util.function.Function;

/** Kinds of files that hold runs, each with its reader. */
enum IngestKind {
  /** A folder with request_metrics.csv, run_meta.json and perhaps token_metrics.csv. */
  SEED_RUN("seed-run", RunFolder::read);

  private final String word;
  private final Function<Path, LoadedRun> reader;

  IngestKind(String word, Function<Path, LoadedRun> reader) {
    this.word = word;
    this.reader = reader;
  }

  LoadedRun read(Path path) {
    return reader.apply(path);
  }

  /** The word on the command line; picocli lists it as well. */
  @Override
  public String toString() {
    return word;
  }
}
