package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.vidur.VidurInput;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.jobs.profile.DumpedTables;
import io.plumbline.jobs.vidur.PredictorChoice;
import io.plumbline.jobs.vidur.VidurPaths;
import io.plumbline.jobs.vidur.VidurSetup;
import io.plumbline.jobs.vidur.VidurSimulation;
import io.plumbline.simulator.SimulationSpec;
import io.plumbline.simulator.latency.BlockComposition;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.LearnedSpec;
import io.plumbline.simulator.latency.OperatorTimes;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Replays recorded runs of the original Vidur, with the predictions that it used or with those that
 * we learn from the same profiles.
 */
public final class VidurConformance {
  /** Whose predictions the runs use. */
  public enum Tables {
    /** Those that the original wrote down: everything must be equal. */
    GOLDEN,
    /** Those that Plumbline learns: request times must be near. */
    OWN
  }

  private final Tables tables;
  private final Function<Path, VidurPaths> vidurPaths;
  private final OwnPredictions predictions;
  private final ConformanceReport report;
  private final PrintWriter out;
  private final Map<Path, DumpedTables> dumped = new HashMap<>();
  private final Set<List<Object>> comparedTables = new HashSet<>();

  /**
   * @param modelsDir folder of the cards
   * @param vidurPaths where the files of a setup are looked for, by its file
   * @param profilePaths where profiles are looked for
   */
  public VidurConformance(
      Tables tables,
      Path modelsDir,
      Function<Path, VidurPaths> vidurPaths,
      PathResolver profilePaths,
      PrintWriter out) {
    this.tables = tables;
    this.vidurPaths = vidurPaths;
    this.predictions = new OwnPredictions(new HardwareCards(modelsDir), profilePaths);
    this.out = out;
    this.report = new ConformanceReport(out);
  }

  /**
   * Runs every case below a folder and prints what became of it.
   *
   * @return whether none failed
   * @throws BadInputException if there is no case, or a file of one cannot be read
   */
  public boolean run(Path dir) {
    List<VidurCase> cases = VidurCase.below(dir);
    out.printf("%d recorded runs below %s%n%n", cases.size(), dir);
    for (VidurCase golden : cases) {
      report.add(tables == Tables.GOLDEN ? replay(golden) : predict(golden));
    }
    report.sum();
    return !report.anyFailed();
  }

  private CaseResult replay(VidurCase golden) {
    if (golden.tables() == null) {
      return CaseResult.skipped(golden.name(), "no recorded predictions fit its configuration");
    }
    VidurSimulation simulation = simulation(golden);
    SimulationSpec spec = simulation.spec();
    OperatorTimes times = dumped.computeIfAbsent(golden.tables(), DumpedTables::read);
    GoldenComparison comparison =
        new GoldenComparison(golden, VidurRun.of(simulation, predictor(spec, times)));
    List<String> notes = new ArrayList<>();
    try {
      comparison.generatedRequests(
          VidurSetup.of(
                  VidurInput.read(golden.config()),
                  PredictorChoice.LEARNED,
                  vidurPaths.apply(golden.config()))
              .simulation());
    } catch (BadInputException e) {
      notes.add(
          "requests were taken as recorded and not drawn again: "
              + e.getMessage().lines().findFirst().orElse(""));
    }
    return comparison.result(notes);
  }

  private CaseResult predict(VidurCase golden) {
    VidurSimulation simulation = simulation(golden);
    SimulationSpec spec = simulation.spec();
    OwnPredictions.Learned own;
    try {
      own = predictions.learn(golden, simulation);
    } catch (BadInputException e) {
      return CaseResult.skipped(
          golden.name(), "nothing to learn from: " + e.getMessage().lines().findFirst().orElse(""));
    }
    OwnComparison comparison =
        new OwnComparison(golden, ((LearnedSpec) spec.predictor()).learner(), own.notes());
    if (golden.tables() != null && comparedTables.add(OwnPredictions.key(golden, simulation))) {
      comparison.tables(dumped.computeIfAbsent(golden.tables(), DumpedTables::read), own.tables());
    }
    comparison.requests(VidurRun.of(simulation, predictor(spec, own.tables().times())).metrics());
    return comparison.result();
  }

  private VidurSimulation simulation(VidurCase golden) {
    return VidurSetup.replaying(
            golden.requests(),
            VidurInput.read(golden.config()),
            PredictorChoice.LEARNED,
            vidurPaths.apply(golden.config()))
        .simulation();
  }

  private static ExecutionTimePredictor predictor(SimulationSpec spec, OperatorTimes times) {
    return new BlockComposition(
        spec.deployment(), (LearnedSpec) spec.predictor(), times, spec.compatibility());
  }
}
