package io.plumbline.reference;

import io.plumbline.files.Json;
import io.plumbline.files.Names;
import io.plumbline.files.profile.ProfileMeta;
import io.plumbline.reference.djl.Operators;
import io.plumbline.reference.profiling.ProfileSizes;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.model.ModelSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a profile times, and how.
 *
 * @param engine the engine whose operators are timed
 * @param tensorParallel degrees whose shards are timed, one shard each
 * @param maxRequestTokens longest context, in tokens
 * @param maxBatchTokens most tokens of a prefill; null takes the scheduler's budget
 * @param maxBatchSize most requests in decode; null takes the scheduler's
 * @param budgetMinutes how long measuring may take, all calls together
 * @param tolerancePercent how far straight lines between measured sizes may be off where time is
 *     left to measure more
 */
public record ProfileSpec(
    EngineSpec engine,
    List<Integer> tensorParallel,
    int maxRequestTokens,
    Integer maxBatchTokens,
    Integer maxBatchSize,
    double budgetMinutes,
    double tolerancePercent) {

  public ProfileSpec {
    if (!(engine instanceof DjlPytorchSpec djl)) {
      throw new IllegalArgumentException(
          "engine must be djl_pytorch: nobody outside a server can time its operators");
    }
    if (djl.operators() != Operators.TORCH_SCRIPT) {
      throw new IllegalArgumentException(
          "engine.operators must be torch_script: those are timed one by one");
    }
    if (tensorParallel.isEmpty() || tensorParallel.stream().anyMatch(degree -> degree <= 0)) {
      throw new IllegalArgumentException(
          "tensorParallel (%s) must be positive degrees".formatted(tensorParallel));
    }
    if (!(budgetMinutes > 0)) {
      throw new IllegalArgumentException(
          "budgetMinutes (%s) must be positive".formatted(budgetMinutes));
    }
    if (!(tolerancePercent > 0)) {
      throw new IllegalArgumentException(
          "tolerancePercent (%s) must be positive".formatted(tolerancePercent));
    }
    if (maxBatchTokens == null || maxBatchSize == null) {
      maxBatchTokens = maxBatchTokens == null ? djl.scheduler().tokenBudget() : maxBatchTokens;
      maxBatchSize = maxBatchSize == null ? djl.scheduler().maxBatchSize() : maxBatchSize;
    }
    new ProfileSizes(maxRequestTokens, maxBatchTokens, maxBatchSize);
  }

  /** The whole model on one device, five minutes, 5 %. */
  public static Map<String, Object> defaultValues() {
    return Map.of("tensorParallel", List.of(1), "budgetMinutes", 5.0, "tolerancePercent", 5.0);
  }

  /** The engine, which is of this kind. */
  DjlPytorchSpec djl() {
    return (DjlPytorchSpec) engine;
  }

  ProfileSizes sizes() {
    return new ProfileSizes(maxRequestTokens, maxBatchTokens, maxBatchSize);
  }

  ProfileMeta meta(
      String question,
      ModelSpec shape,
      String device,
      Provenance provenance,
      EngineFacts facts,
      int points,
      Instant started) {
    return new ProfileMeta(
        question,
        shape.name(),
        device,
        facts.device(),
        Names.constant(djl().dtype()),
        tensorParallel,
        djl().kvCache().blockTokens(),
        points,
        provenance.host(),
        provenance.loadAverage(),
        Provenance.currentLoadAverage(),
        started.toString(),
        Instant.now().toString(),
        provenance.software(facts),
        Json.write(this));
  }

  /** Hash of what is to be measured: the same question, not the same answer. */
  public String question(ModelSpec shape, String host) {
    return new Sha256()
        .putText(Json.write(this))
        .putText(Json.write(shape))
        .putText(String.valueOf(host))
        .shortHex();
  }
}
