package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.profile.ProfileMeta;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.AttentionOperator;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.HostOverhead;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.PauseOperator;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.latency.TokenOperator;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads profiles in Vidur's layout: {@code compute/DEVICE/MODEL/mlp.csv} and {@code attention.csv},
 * {@code network/NODE/all_reduce.csv} and {@code send_recv.csv}, {@code
 * cpu_overhead/NODE/MODEL/cpu_overheads.csv}. Times are medians in milliseconds. The vocabulary is
 * not compared: the files have a padded one, and no operator here depends on it.
 */
public final class VidurProfiles implements ProfileSource {
  /** In Vidur's order of training, as all operators here. */
  private static final List<TokenOperator> COMPUTE_OPERATORS =
      List.of(
          TokenOperator.ATTN_PRE_PROJ,
          TokenOperator.ATTN_POST_PROJ,
          TokenOperator.MLP_UP_PROJ,
          TokenOperator.MLP_DOWN_PROJ,
          TokenOperator.MLP_ACT,
          TokenOperator.INPUT_LAYERNORM,
          TokenOperator.POST_ATTENTION_LAYERNORM,
          TokenOperator.ATTN_ROPE,
          TokenOperator.ADD);

  /** Those that older profiles lack: they cost nothing then. */
  private static final List<TokenOperator> OPTIONAL_OPERATORS =
      List.of(
          TokenOperator.INPUT_LAYERNORM, TokenOperator.POST_ATTENTION_LAYERNORM, TokenOperator.ADD);

  private final PathResolver paths;
  private final HardwareCards cards;
  private final int blockTokens;
  private Path lastAttentionFile;
  private ProfileTable lastAttention;

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
  public OperatorProfile profile(ProfileQuery query, Deployment deployment) {
    OperatorProfile profile = read(query, deployment);
    return query.launchedRoot() == null
        ? profile
        : profile.withLaunched(read(query.ofLaunched(), deployment));
  }

  private OperatorProfile read(ProfileQuery query, Deployment deployment) {
    ProfileFinder files = new ProfileFinder(paths, cards, query, deployment);
    Map<Operator, Samples> samples = new LinkedHashMap<>();

    requireFormat(files.compute(), deployment.dtype());
    ProfileTable compute = computeRows(ProfileTable.read(files.compute()), deployment);
    double[] tokens = compute.column("num_tokens");
    for (TokenOperator operator : COMPUTE_OPERATORS) {
      boolean optional = OPTIONAL_OPERATORS.contains(operator);
      samples.put(
          operator,
          samples(
              optional ? compute.columnOrZero(median(operator)) : compute.column(median(operator)),
              tokens));
    }
    ProfileTable attention = attentionRows(attention(files.attention()), deployment);
    samples.put(TokenOperator.ATTN_KV_CACHE_SAVE, kvCacheSave(attention));
    addNetwork(files, deployment, samples);
    if (query.hostOverhead() == HostOverhead.PROFILED) {
      addHost(ProfileTable.read(files.cpuOverhead()), deployment, samples);
      if (Files.exists(files.afterPause())) {
        samples.put(PauseOperator.AFTER_PAUSE, afterPause(files.afterPause(), deployment));
      }
    }
    samples.put(AttentionOperator.PREFILL, prefillAttention(attention));
    samples.put(AttentionOperator.DECODE, decodeAttention(attention));
    return new OperatorProfile(samples);
  }

  /** A profile that does not say how it was measured is one of Vidur's, in 16 bits. */
  private static void requireFormat(Path computeFile, DataType dtype) {
    ProfileMeta meta = ProfileMeta.find(computeFile.toAbsolutePath().getParent());
    String sixteenBits = Names.constant(DataType.FLOAT16);
    String measured = meta == null || meta.dtype().equals("bfloat16") ? sixteenBits : meta.dtype();
    if (!measured.equals(Names.constant(dtype))) {
      throw new BadInputException(
          "the profile %s was measured in %s, but dtype is %s. Maybe dtype: %2$s, or predictor: roofline"
              .formatted(computeFile, measured, Names.constant(dtype)));
    }
  }

  /**
   * The largest file, which deployments that differ in their stages share; the last one is kept.
   */
  private ProfileTable attention(Path file) {
    if (!file.equals(lastAttentionFile)) {
      lastAttention = ProfileTable.read(file);
      lastAttentionFile = file;
    }
    return lastAttention;
  }

  private static ProfileTable computeRows(ProfileTable table, Deployment deployment) {
    ModelSpec model = deployment.model();
    ProfileTable rows =
        table
            .require("n_head", model.queryHeads(), "query heads")
            .require("n_kv_head", model.kvHeads(), "kv heads")
            .require("n_embd", model.hiddenSize(), "hidden size")
            .require("n_expanded_embd", model.mlpHiddenSize(), "mlp hidden size");
    if (rows.has("use_gated_mlp")) {
      rows = rows.require("use_gated_mlp", String.valueOf(model.gatedMlp()), "a gated mlp:");
    }
    return rows.require(
        "num_tensor_parallel_workers", deployment.parallelism().tensor(), "tensor parallel degree");
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

  private static Samples kvCacheSave(ProfileTable attention) {
    double[] chunk = attention.column("prefill_chunk_size");
    double[] batch = attention.column("batch_size");
    double[] tokens = new double[chunk.length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = Math.max(chunk[i], batch[i]);
    }
    return samples(attention.columnOrZero(median(TokenOperator.ATTN_KV_CACHE_SAVE)), tokens);
  }

  private static Samples decodeAttention(ProfileTable attention) {
    ProfileTable rows =
        attention
            .where("prefill_chunk_size", 0)
            .requireRows(" of decodes (prefill_chunk_size 0) for this model");
    return samples(
        rows.column(median(AttentionOperator.DECODE)),
        rows.column("batch_size"),
        rows.column("kv_cache_size"));
  }

  private static Samples prefillAttention(ProfileTable attention) {
    ProfileTable rows =
        attention
            .rows(row -> attention.number(row, "prefill_chunk_size") != 0)
            .requireRows(" of prefills (prefill_chunk_size above 0) for this model");
    double[] squares = rows.column("prefill_chunk_size");
    for (int i = 0; i < squares.length; i++) {
      squares[i] *= squares[i];
    }
    return samples(
        rows.column(median(AttentionOperator.PREFILL)), rows.column("kv_cache_size"), squares);
  }

  private static void addNetwork(
      ProfileFinder files, Deployment deployment, Map<Operator, Samples> samples) {
    int tensor = deployment.parallelism().tensor();
    if (deployment.parallelism().pipeline() > 1) {
      ProfileTable table =
          ProfileTable.read(files.sendRecv())
              .where("collective", "send_recv")
              .require("devices_per_node", deployment.multiNode() ? 1 : 2, "devices of one node");
      samples.put(TokenOperator.SEND_RECV, network(table, TokenOperator.SEND_RECV, deployment));
    }
    if (tensor > 1) {
      ProfileTable table =
          ProfileTable.read(files.allReduce())
              .where("collective", "all_reduce")
              .require("num_workers", tensor, "tensor parallel degree")
              .require("devices_per_node", tensor, "devices of one node");
      samples.put(TokenOperator.ALL_REDUCE, network(table, TokenOperator.ALL_REDUCE, deployment));
    }
  }

  /** Sizes are bytes of whole hidden vectors in 16 bits. */
  private static Samples network(
      ProfileTable table, TokenOperator operator, Deployment deployment) {
    double bytesPerToken = 2.0 * deployment.model().hiddenSize();
    double[] tokens = table.column("size");
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] /= bytesPerToken;
    }
    return samples(table.column(median(operator)), tokens);
  }

  private static void addHost(
      ProfileTable table, Deployment deployment, Map<Operator, Samples> samples) {
    ProfileTable rows =
        table
            .require("model_name", deployment.model().name(), "model")
            .require(
                "tensor_parallel_degree",
                deployment.parallelism().tensor(),
                "tensor parallel degree");
    for (HostOperator operator : HostOperator.values()) {
      // Of the transfers between the host's processes the files have the mean alone.
      String statistic = operator == HostOperator.RAY_COMM_TIME ? "mean" : "median";
      samples.put(
          operator,
          samples(
              rows.column("%s_%s".formatted(operator.profileName(), statistic)),
              rows.column("batch_size")));
    }
  }

  private static Samples afterPause(Path file, Deployment deployment) {
    ProfileTable rows =
        ProfileTable.read(file)
            .require("model_name", deployment.model().name(), "model")
            .require(
                "tensor_parallel_degree",
                deployment.parallelism().tensor(),
                "tensor parallel degree")
            .require(
                "pause_ms", (int) Math.round(PauseOperator.PAUSE_SECONDS * 1e3), "pause in ms");
    double[] longerMs = rows.column("after_pause_median");
    double[] inALoopMs = rows.column("in_a_loop_median");
    for (int i = 0; i < longerMs.length; i++) {
      longerMs[i] = Math.max(0, longerMs[i] - inALoopMs[i]);
    }
    return samples(longerMs, rows.column("num_tokens"));
  }

  private static Samples samples(double[] timesMs, double[]... features) {
    return new Samples(features, timesMs);
  }

  private static String median(Operator operator) {
    return "time_stats.%s.median".formatted(operator.profileName());
  }
}
