package io.plumbline.reference;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.files.WholeFile;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.profile.ProfileMeta;
import io.plumbline.reference.djl.DjlEngine;
import io.plumbline.reference.profiling.ModelShard;
import io.plumbline.reference.profiling.OperatorProfiler;
import io.plumbline.reference.profiling.PointSampler;
import io.plumbline.reference.profiling.VidurLayout;
import io.plumbline.reference.replay.EngineFacts;
import io.plumbline.reference.serving.ServingPlan;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Times the operators of a model on this machine and writes a profile. Progress goes to stderr.
 * Exit codes: 0 done, 1 it failed, 2 bad input.
 */
@Command(
    name = "profile-run",
    description = "Times the operators of a model on this machine and writes a profile.",
    mixinStandardHelpOptions = true)
public final class ProfileRun implements Callable<Integer> {
  /** Beside {@code mlp.csv}, while the profile is measured and after. */
  public static final String POINTS = "points.jsonl";

  @Option(
      names = "--spec",
      required = true,
      paramLabel = "FILE",
      description = "What is timed, and how: YAML or JSON.")
  private Path specFile;

  @Option(
      names = "--spec-key",
      paramLabel = "KEY",
      description = "Key of it in that file; without it, it is the whole file.")
  private String specKey;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE|NAME",
      description = "Model card, Hugging Face config.json, or name of a card in models/.")
  private String model;

  @Option(
      names = "--device",
      required = true,
      paramLabel = "NAME",
      description = "Name of the device in the folders of the profile.")
  private String device;

  @Option(
      names = "--node",
      required = true,
      paramLabel = "NAME",
      description = "Name of the node, likewise.")
  private String node;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Folder of the profile; what was measured of it before is used.")
  private Path out;

  @Option(names = "--force", description = "Forget what was measured before.")
  private boolean force;

  /** Ends the JVM with one of the exit codes above. */
  public static void main(String[] args) {
    System.exit(ReferenceRun.execute(new ProfileRun(), args));
  }

  @Override
  public Integer call() {
    ProfileSpec spec =
        RecordBinder.bind(ReferenceRun.options(specFile, specKey), ProfileSpec.class);
    ModelSpec shape = ModelCards.load(ReferenceRun.modelsFolder(), model);
    List<ModelShard> shards = shards(spec, shape);
    Provenance provenance = Provenance.here(spec.engine(), shape, null, null);
    Path folder = VidurLayout.computeFolder(out, device, shape.name());
    String question = spec.question(shape, provenance.host());
    if (force) {
      OperatorProfiler.forget(folder.resolve(POINTS));
    } else if (answers(ProfileMeta.find(folder), question)) {
      return CommandLine.ExitCode.OK;
    }
    OperatorProfiler profiler =
        new OperatorProfiler(
            folder.resolve(POINTS),
            question,
            spec.sizes(),
            spec.budgetMinutes(),
            spec.tolerancePercent() / 100);
    Instant started = Instant.now();
    EngineFacts facts = null;
    for (int i = 0; i < shards.size(); i++) {
      facts = measure(profiler, spec, shards.get(i), (i + 1.0) / shards.size());
    }
    new VidurLayout(out, device, node, shape, spec.djl().kvCache().blockTokens()).write(profiler);
    ProfileMeta meta =
        spec.meta(question, shape, device, provenance, facts, profiler.pointCount(), started);
    WholeFile.replace(
        ProfileMeta.file(folder), file -> Files.writeString(file, Json.pretty(meta) + "\n"));
    return CommandLine.ExitCode.OK;
  }

  private static boolean answers(ProfileMeta meta, String question) {
    return meta != null && meta.question().equals(question);
  }

  private static List<ModelShard> shards(ProfileSpec spec, ModelSpec shape) {
    try {
      return spec.tensorParallel().stream().map(degree -> ModelShard.of(shape, degree)).toList();
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  private static EngineFacts measure(
      OperatorProfiler profiler, ProfileSpec spec, ModelShard shard, double budgetShare) {
    ServingPlan plan;
    DjlEngine engine;
    try {
      plan = spec.sizes().plan(shard.model(), spec.djl().scheduler(), spec.djl().kvCache());
      engine = DjlEngine.open(plan, spec.djl().options());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
    try (engine) {
      PointSampler sampler = new PointSampler(engine, plan, shard.tensorParallel());
      profiler.measure(sampler, shard, budgetShare);
      return engine.facts();
    }
  }
}
