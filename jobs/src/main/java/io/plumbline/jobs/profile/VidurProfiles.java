package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.MeasuredCurve;
import io.plumbline.simulator.latency.MeasuredGrid;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.TokenOperator;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads profiles in Vidur's layout: {@code compute/DEVICE/MODEL/mlp.csv} and {@code attention.csv},
 * {@code network/NODE/all_reduce.csv} and {@code send_recv.csv}. Times are medians in milliseconds.
 * The vocabulary is not compared: the files have a padded one, and no operator here depends on it.
 */
public final class VidurProfiles implements ProfileSource {
  private static final List<TokenOperator> MLP_FILE_OPERATORS =
      List.of(
          TokenOperator.ATTN_PRE_PROJ,
          TokenOperator.ATTN_POST_PROJ,
          TokenOperator.MLP_UP_PROJ,
          TokenOperator.MLP_DOWN_PROJ,
          TokenOperator.MLP_ACT,
          TokenOperator.ATTN_ROPE);
  private static final List<TokenOperator> OPTIONAL_MLP_FILE_OPERATORS =
      List.of(
          TokenOperator.INPUT_LAYERNORM, TokenOperator.POST_ATTENTION_LAYERNORM, TokenOperator.ADD);

  private final PathResolver paths;
  private final HardwareCards cards;
  private final int blockTokens;

  /**
   * A source of profiles.
   *
   * @param paths where folders are looked for
   * @param blockTokens tokens per KV block of the runs; attention was measured for one size
   */
  public VidurProfiles(PathResolver paths, HardwareCards cards, int blockTokens) {
    this.paths = paths;
    this.cards = cards;
    this.blockTokens = blockTokens;
  }

  @Override
  public OperatorProfile profile(String root, Deployment deployment) {
    Path folder = paths.resolve(root);
    Path compute = computeFolder(folder, deployment);
    Map<TokenOperator, MeasuredCurve> curves = new EnumMap<>(TokenOperator.class);
    Sha256 hash = new Sha256();

    ProfileTable mlp = mlpRows(ProfileTable.read(compute.resolve("mlp.csv")), deployment);
    hash.putText(mlp.contentHash());
    for (TokenOperator operator : MLP_FILE_OPERATORS) {
      curves.put(
          operator, new MeasuredCurve(mlp.column("num_tokens"), mlp.column(median(operator))));
    }
    for (TokenOperator operator : OPTIONAL_MLP_FILE_OPERATORS) {
      if (mlp.has(median(operator))) {
        curves.put(
            operator,
            new MeasuredCurve(mlp.column("num_tokens"), mlp.columnOrZero(median(operator))));
      }
    }

    ProfileTable attention =
        attentionRows(ProfileTable.read(compute.resolve("attention.csv")), deployment);
    hash.putText(attention.contentHash());
    if (attention.has(median(TokenOperator.ATTN_KV_CACHE_SAVE))) {
      curves.put(TokenOperator.ATTN_KV_CACHE_SAVE, kvCacheSave(attention));
    }
    addNetwork(folder, deployment, curves, hash);
    return new OperatorProfile(
        curves, decodeAttention(attention), prefillAttention(attention), hash.shortHex());
  }

  private Path computeFolder(Path root, Deployment deployment) {
    for (String name : cards.namesOfDevice(deployment.device().name())) {
      Path folder = root.resolve("compute").resolve(name).resolve(deployment.model().name());
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    throw new BadInputException(
        "no profile of %s on %s in %s. Maybe choose a model and device that were profiled, or the predictor roofline, which needs no profile."
            .formatted(
                deployment.model().name(), deployment.device().name(), root.resolve("compute")));
  }

  private static ProfileTable mlpRows(ProfileTable table, Deployment deployment) {
    ModelSpec model = deployment.model();
    return table
        .require("n_head", model.queryHeads(), "query heads")
        .require("n_kv_head", model.kvHeads(), "kv heads")
        .require("n_embd", model.hiddenSize(), "hidden size")
        .require("n_expanded_embd", model.mlpHiddenSize(), "mlp hidden size")
        .require(
            "num_tensor_parallel_workers",
            deployment.parallelism().tensor(),
            "tensor parallel degree");
  }

  private ProfileTable attentionRows(ProfileTable table, Deployment deployment) {
    ModelSpec model = deployment.model();
    return table
        .require("n_embd", model.hiddenSize(), "hidden size")
        .require("n_q_head", model.queryHeads(), "query heads")
        .require("n_kv_head", model.kvHeads(), "kv heads")
        .require("block_size", blockTokens, "block size")
        .require(
            "num_tensor_parallel_workers",
            deployment.parallelism().tensor(),
            "tensor parallel degree");
  }

  private static MeasuredCurve kvCacheSave(ProfileTable attention) {
    double[] chunk = attention.column("prefill_chunk_size");
    double[] batch = attention.column("batch_size");
    double[] tokens = new double[chunk.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = Math.max(chunk[i], batch[i]);
    }
    return new MeasuredCurve(
        tokens, attention.columnOrZero(median(TokenOperator.ATTN_KV_CACHE_SAVE)));
  }

  private static MeasuredGrid decodeAttention(ProfileTable attention) {
    ProfileTable rows =
        attention
            .where("prefill_chunk_size", 0)
            .requireRows(" of decodes (prefill_chunk_size 0) for this model");
    return new MeasuredGrid(
        rows.column("batch_size"),
        rows.column("kv_cache_size"),
        rows.column("time_stats.attn_decode.median"));
  }

  private static MeasuredGrid prefillAttention(ProfileTable attention) {
    ProfileTable rows =
        attention
            .rows(row -> attention.number(row, "prefill_chunk_size") != 0)
            .requireRows(" of prefills (prefill_chunk_size above 0) for this model");
    return new MeasuredGrid(
        rows.column("prefill_chunk_size"),
        rows.column("kv_cache_size"),
        rows.column("time_stats.attn_prefill.median"));
  }

  private static void addNetwork(
      Path root, Deployment deployment, Map<TokenOperator, MeasuredCurve> curves, Sha256 hash) {
    Path network = root.resolve("network").resolve(deployment.node().name());
    int tensor = deployment.parallelism().tensor();
    if (tensor > 1) {
      ProfileTable table =
          ProfileTable.read(network.resolve("all_reduce.csv"))
              .where("collective", "all_reduce")
              .require("num_workers", tensor, "tensor parallel degree")
              .require("devices_per_node", tensor, "devices of one node");
      hash.putText(table.contentHash());
      curves.put(TokenOperator.ALL_REDUCE, network(table, TokenOperator.ALL_REDUCE, deployment));
    }
    if (deployment.parallelism().pipeline() > 1) {
      ProfileTable table =
          ProfileTable.read(network.resolve("send_recv.csv"))
              .where("collective", "send_recv")
              .require("devices_per_node", deployment.multiNode() ? 1 : 2, "devices of one node");
      hash.putText(table.contentHash());
      curves.put(TokenOperator.SEND_RECV, network(table, TokenOperator.SEND_RECV, deployment));
    }
  }

  /** Sizes are bytes of whole hidden vectors in 16 bits. */
  private static MeasuredCurve network(
      ProfileTable table, TokenOperator operator, Deployment deployment) {
    double bytesPerToken = 2.0 * deployment.model().hiddenSize();
    double[] tokens = table.column("size");
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] /= bytesPerToken;
    }
    return new MeasuredCurve(tokens, table.column(median(operator)));
  }

  private static String median(TokenOperator operator) {
    return "time_stats.%s.median".formatted(operator.profileName());
  }
}
