package io.plumbline.jobs.measure;

import io.plumbline.files.BadInputException;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.profile.ProfileMeta;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Path;

/** A profile that is valid and can be measured. */
public final class Profiling {
  private final Path file;
  private final ProfilingSpec spec;
  private final String modelNameOrPath;
  private final ModelSpec model;
  private final Path home;

  private Profiling(
      Path file, ProfilingSpec spec, String modelNameOrPath, ModelSpec model, Path home) {
    this.file = file;
    this.spec = spec;
    this.modelNameOrPath = modelNameOrPath;
    this.model = model;
    this.home = home;
  }

  /** What a call found or made. */
  public enum Outcome {
    MEASURED,
    DONE_ALREADY
  }

  /**
   * Reads and checks a file.
   *
   * @param home Plumbline's folder
   * @throws BadInputException listing every problem with its place
   */
  public static Profiling read(Path file, Path home, PathResolver paths) {
    ConfNode root = ConfNode.read(file);
    Problems problems = new Problems();
    ProfilingSpec spec = RecordBinder.bind(root, ProfilingSpec.class, problems);
    problems.throwIfAny(file.toString());
    Path models = home.resolve("models");
    HardwareCards cards = new HardwareCards(models);
    String located = null;
    ModelSpec model = null;
    try {
      located = ModelCards.locate(models, spec.model(), paths);
      model = ModelCards.load(models, located);
    } catch (BadInputException e) {
      problems.add(root.get("model"), e.getMessage());
    }
    check(problems, root.get("device"), () -> cards.device(spec.device()));
    check(problems, root.get("node"), () -> cards.node(spec.node()));
    problems.throwIfAny(file.toString());
    return new Profiling(file, spec, located, model, home);
  }

  private static void check(Problems problems, ConfNode node, Runnable lookUp) {
    try {
      lookUp.run();
    } catch (BadInputException e) {
      problems.add(node, e.getMessage());
    }
  }

  public String name() {
    return spec.name();
  }

  /**
   * Measures what is not measured yet, in a process of its own.
   *
   * @param folder of the profile, as a predictor's {@code root} names it
   * @param again whether to forget what was measured before
   */
  public Outcome run(Path folder, boolean again) {
    ProfileMeta before = meta(folder);
    new ReferenceProcess(home)
        .profile(
            file.toAbsolutePath(),
            modelNameOrPath,
            spec.device(),
            spec.node(),
            folder.toAbsolutePath(),
            again);
    return meta(folder).equals(before) ? Outcome.DONE_ALREADY : Outcome.MEASURED;
  }

  /** How a profile came about; null if it is not whole. */
  public ProfileMeta meta(Path folder) {
    return ProfileMeta.find(folder.resolve("compute").resolve(spec.device()).resolve(model.name()));
  }
}
