package io.plumbline.jobs.profile;

import io.plumbline.files.BadInputException;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.latency.KernelChoice;
import io.plumbline.simulator.latency.KernelOperator;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.simulator.learning.Samples;
import io.plumbline.trace.model.ExpertLayers;
import io.plumbline.trace.model.LatentAttention;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads tables in the layout of aiconfigurator's performance database: {@code
 * SYSTEM/KIND/ENGINE/VERSION/…_perf.parquet}, the system named as a device card or one of its
 * aliases. Of each table only the rows of the deployment's shapes and number formats are taken;
 * those of products have no shape of their own and are all taken.
 */
final class KernelTables implements ProfileSource {
  private static final String SIXTEEN_BITS = "bfloat16";

  /** The tables of latent attention are of DeepSeek-V3, whose sizes they do not state. */
  private static final LatentAttention TIMED_LATENT = new LatentAttention(1536, 512, 128, 64, 128);

  private static final int TIMED_LATENT_HIDDEN = 7168;

  private final PathResolver paths;
  private final HardwareCards cards;
  private final Map<KernelRows, Samples> read = new HashMap<>();

  KernelTables(PathResolver paths, HardwareCards cards) {
    this.paths = paths;
    this.cards = cards;
  }

  @Override
  public OperatorProfile profile(ProfileQuery query, Deployment deployment) {
    Path system = system(query, deployment);
    KernelChoice choice = query.kernels();
    Map<Operator, Samples> samples = new LinkedHashMap<>();
    readProducts(system, choice, deployment, samples);
    if (deployment.model().latentAttention() == null) {
      readAttention(system, choice, deployment, samples);
    } else {
      readLatent(system, choice, deployment, samples);
    }
    if (deployment.model().mixtureOfExperts()) {
      samples.put(KernelOperator.EXPERTS, experts(system, choice, deployment));
    }
    if (deployment.parallelism().tensor() > 1) {
      readCollectives(system, choice, deployment, samples);
    }
    return new OperatorProfile(samples);
  }

  private Path system(ProfileQuery query, Deployment deployment) {
    Path root = paths.resolve(query.root());
    for (String name : cards.namesOfDevice(deployment.device().name())) {
      if (Files.isDirectory(root.resolve(name))) {
        return root.resolve(name);
      }
    }
    throw new BadInputException(
        "no tables of %s in %s. Maybe choose a device whose kernels were timed, or the predictor roofline, which needs no table."
            .formatted(deployment.device().name(), root));
  }

  private void readProducts(
      Path system, KernelChoice choice, Deployment deployment, Map<Operator, Samples> samples) {
    KernelRows products =
        KernelRows.of(KernelFiles.table(system, "gemm", "gemm_perf", choice))
            .over("k", "n", "m")
            .where("gemm_dtype", SIXTEEN_BITS);
    samples.put(KernelOperator.GEMM, samples(products));
    if (deployment.quantization() != null) {
      KernelRows narrow =
          products.where("gemm_dtype", KernelFormats.ofProducts(deployment.quantization()));
      samples.put(KernelOperator.QUANTIZED_GEMM, samples(narrow));
    }
  }

  private void readAttention(
      Path system, KernelChoice choice, Deployment deployment, Map<Operator, Samples> samples) {
    samples.put(
        KernelOperator.CONTEXT_ATTENTION,
        samples(
            attention(system, choice, "context_attention_perf", deployment)
                .over("batch_size", "isl")
                .where("step", 0)));
    samples.put(
        KernelOperator.GENERATION_ATTENTION,
        samples(
            attention(system, choice, "generation_attention_perf", deployment)
                .overSum("batch_size", "isl", "step")));
  }

  private static KernelRows attention(
      Path system, KernelChoice choice, String table, Deployment deployment) {
    return KernelRows.of(KernelFiles.table(system, "attention", table, choice))
        .where("attn_dtype", SIXTEEN_BITS)
        .where("kv_cache_dtype", KernelFormats.ofCache(deployment.kvFormat()))
        .where("head_dim", deployment.model().headDim())
        .where("num_heads", deployment.queryHeadsPerDevice())
        .where("num_key_value_heads", deployment.kvHeadsPerDevice())
        .whereAbsentOr("window_size", 0);
  }

  private void readLatent(
      Path system, KernelChoice choice, Deployment deployment, Map<Operator, Samples> samples) {
    ModelSpec model = deployment.model();
    if (!model.latentAttention().equals(TIMED_LATENT)
        || model.hiddenSize() != TIMED_LATENT_HIDDEN) {
      throw new BadInputException(
          "the tables of latent attention in %s are of DeepSeek-V3, not of the sizes of %s. Maybe predictor: roofline"
              .formatted(system, model.name()));
    }
    samples.put(
        KernelOperator.LATENT_CONTEXT,
        samples(
            latent(system, choice, "mla_context_module_perf", deployment)
                .over("batch_size", "isl")
                .where("step", 0)));
    samples.put(
        KernelOperator.LATENT_GENERATION,
        samples(
            latent(system, choice, "mla_generation_module_perf", deployment)
                .overSum("batch_size", "isl", "step")));
  }

  private static KernelRows latent(
      Path system, KernelChoice choice, String table, Deployment deployment) {
    String products =
        deployment.quantization() == null
            ? SIXTEEN_BITS
            : KernelFormats.ofProducts(deployment.quantization());
    return KernelRows.of(KernelFiles.table(system, "mla", table, choice))
        .where("mla_dtype", SIXTEEN_BITS)
        .where("kv_cache_dtype", KernelFormats.ofCache(deployment.kvFormat()))
        .where("gemm_type", products)
        .where("num_heads", deployment.queryHeadsPerDevice());
  }

  private Samples experts(Path system, KernelChoice choice, Deployment deployment) {
    ExpertLayers layer = deployment.model().expertLayers();
    int expert = deployment.parallelism().expert();
    KernelRows rows =
        KernelRows.of(KernelFiles.table(system, "moe", "moe_perf", choice))
            .over("num_tokens")
            .where("moe_dtype", KernelFormats.ofExperts(deployment.quantization()))
            .where("hidden_size", deployment.model().hiddenSize())
            .where("inter_size", layer.expertHiddenSize())
            .where("topk", layer.expertsPerToken())
            .where("num_experts", layer.experts())
            .where("moe_tp_size", expert > 1 ? 1 : deployment.parallelism().tensor())
            .where("moe_ep_size", expert)
            .where("distribution", choice.expertDistribution());
    return samples(rows);
  }

  private void readCollectives(
      Path system, KernelChoice choice, Deployment deployment, Map<Operator, Samples> samples) {
    int devices = deployment.parallelism().tensor();
    Path engines = KernelFiles.tableIfThere(system, "comm", "custom_allreduce_perf", choice);
    if (engines != null) {
      KernelRows rows = KernelRows.of(engines).over("message_size").where("num_gpus", devices);
      String engine = choice.framework();
      samples.put(
          KernelOperator.ALL_REDUCE_GRAPH, samples(rows.where("backend", engine + "_graph")));
      samples.put(
          KernelOperator.ALL_REDUCE_EAGER, samples(rows.where("backend", engine + "_eager")));
    }
    KernelRows nccl =
        KernelRows.of(
                KernelFiles.table(
                    system, "comm", "nccl_perf", new KernelChoice("nccl", null, null)))
            .over("message_size")
            .where("nccl_dtype", "half")
            .where("num_gpus", devices);
    samples.put(KernelOperator.NCCL_ALL_REDUCE, samples(nccl.where("op_name", "all_reduce")));
    samples.put(KernelOperator.NCCL_ALL_GATHER, samples(nccl.where("op_name", "all_gather")));
  }

  private Samples samples(KernelRows rows) {
    return read.computeIfAbsent(rows, KernelRows::read);
  }
}
