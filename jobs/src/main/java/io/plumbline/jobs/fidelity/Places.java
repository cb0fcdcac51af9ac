package io.plumbline.jobs.fidelity;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.ingest.Importer;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Where files, cards and tables are.
 *
 * @param resultsDir folder of the tables
 * @param trainedDir folder of trained models
 * @param modelsDir folder of the cards
 * @param paths where files are looked for
 * @param importers importer by its word of {@code ingest}
 */
public record Places(
    String resultsDir,
    String trainedDir,
    Path modelsDir,
    PathResolver paths,
    Function<String, Importer> importers) {}
