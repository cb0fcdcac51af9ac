package io.plumbline.jobs.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** Finds the recorded predictions that a run used by what they were trained for. */
final class VidurTableSets {
  private final List<Path> sets;

  VidurTableSets(List<Path> sets) {
    this.sets = sets;
  }

  /** The first set that was trained for such a run; null if none does. */
  Path fitting(Path configFile) {
    JsonNode config = Json.readTree(configFile);
    return sets.stream()
        .filter(set -> Files.exists(set.resolve("models.json")))
        .filter(set -> fits(Json.readTree(set.resolve("models.json")), config))
        .findFirst()
        .orElse(null);
  }

  private static boolean fits(JsonNode models, JsonNode config) {
    JsonNode replica = config.path("cluster_config").path("replica_config");
    JsonNode predictor = config.path("execution_time_predictor_config");
    JsonNode scheduler = config.path("cluster_config").path("replica_scheduler_config");
    int tensor = replica.path("tensor_parallel_size").asInt();
    int pipeline = replica.path("num_pipeline_stages").asInt();
    boolean multiNode =
        tensor * pipeline > replica.path("node_config").path("num_devices_per_node").asInt();
    return models.path("predictor").equals(predictor.path("name"))
        && models.path("model").equals(replica.path("model_name"))
        && models.path("device").equals(replica.path("device"))
        && models.path("network_device").equals(replica.path("network_device"))
        && models.path("tensor_parallel_size").asInt() == tensor
        && models.path("max_tokens").asInt() == maxTokens(scheduler, predictor)
        && (pipeline == 1
            || (models.path("ops").has("send_recv")
                && models.path("is_multi_node").asBoolean() == multiNode))
        && (predictor.path("skip_cpu_overhead_modeling").asBoolean()
            || models.path("ops").has("schedule"))
        && sameGrid(models.path("search_grid"), predictor);
  }

  /** Orca's batches may hold whole prompts of all their requests. */
  private static int maxTokens(JsonNode scheduler, JsonNode predictor) {
    int tokens = predictor.path("prediction_max_tokens_per_request").asInt();
    boolean orca = scheduler.path("name").asText().equals("orca");
    return orca ? tokens * predictor.path("prediction_max_batch_size").asInt() : tokens;
  }

  private static boolean sameGrid(JsonNode grid, JsonNode predictor) {
    for (Iterator<String> names = grid.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      // scikit-learn's names: step__option for a pipeline, n_estimators for num_estimators.
      String option =
          name.replace("n_estimators", "num_estimators")
              .replace("polynomialfeatures__", "polynomial_")
              .replace("linearregression__", "");
      if (!grid.path(name).equals(predictor.path(option))) {
        return false;
      }
    }
    return true;
  }
}
