package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plumbline.files.card.ModelCards;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.score.CalibrationCard;
import io.plumbline.jobs.score.LeaveOut;
import io.plumbline.jobs.score.RunScore;
import io.plumbline.jobs.score.ScoredRun;
import io.plumbline.jobs.score.ScoredRuns;
import io.plumbline.simulator.latency.StepTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three requests on a profile of a few rows, each step of which can be worked out by hand. */
class ScoreJobTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final Path SHARED = HOME.resolve("../shared/real");

  @TempDir private Path folder;

  /**
   * A step takes 1 ms, whatever is in it: 4 layers of 0.25 ms. Measured, it takes {@code stepMs}: a
   * request of four tokens alone has its first after one step, and each other after one more.
   */
  private void log(String name, double stepMs) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      double queued = 10 + i;
      lines.add(
          String.format(
              Locale.ROOT,
              "{\"request_id\": \"r%d\", \"input_toks\": 20, \"output_toks\": 4, \"arrival_time\":"
                  + " 1, \"queued_ts\": %.6f, \"scheduled_ts\": %.6f, \"first_token_ts\": %.6f,"
                  + " \"last_token_ts\": %.6f}",
              i,
              queued,
              queued,
              queued + stepMs * 1e-3,
              queued + 4 * stepMs * 1e-3));
    }
    Files.createDirectories(folder.resolve(name));
    Files.write(folder.resolve(name).resolve("requests.jsonl"), lines);
  }

  private void profile(String device) throws IOException {
    Path variant = folder.resolve("profile").resolve(device).resolve("plumbline/tiny/bf16");
    Path tp1 = Files.createDirectories(variant.resolve("tp1"));
    Files.writeString(variant.resolve("meta.yaml"), "skew_fit: {enabled: false}\n");
    Files.writeString(
        tp1.resolve("dense.csv"), "layer,tokens,time_us\nqkv_proj,1,125\nqkv_proj,2048,125\n");
    Files.writeString(
        tp1.resolve("per_sequence.csv"), "layer,sequences,time_us\nlm_head,1,0\nlm_head,256,0\n");
    StringBuilder attention =
        new StringBuilder("prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n");
    for (int chunk : new int[] {16, 2048}) {
      attention.append("%d,0,0,0,125\n".formatted(chunk));
    }
    for (int context : new int[] {16, 4096}) {
      attention.append("0,0,1,%d,125\n".formatted(context));
    }
    Files.writeString(tp1.resolve("attention.csv"), attention);
  }

  private Path conf(String... entries) throws IOException {
    return Files.writeString(
        folder.resolve("score.yaml"), "name: test\nruns:\n" + String.join("", entries));
  }

  private static String entry(String name, String device) {
    return """
      - name: %s
        simulate:
          workload: {kind: vllm_requests, folder: %s}
          model: plumbline/tiny
          device: %s
          scheduler: vllm_v1
          predictor: {kind: layer_profile, root: profile, host: {per_step_us: 0, per_sequence_us: 0}}
    """
        .formatted(name, name, device);
  }

  @BeforeEach
  void files() throws IOException {
    int layers = 4;
    assertThat(layersOfTiny()).isEqualTo(layers);
    log("same", 1);
    log("slower", 1.25);
    log("elsewhere", 2);
    profile("RTX4090");
    profile("L40S");
  }

  private static int layersOfTiny() {
    return ModelCards.load(HOME.resolve("models"), "plumbline/tiny").layers();
  }

  @Test
  void aRunThatIsAsPredictedHasNoError() throws IOException {
    JobRun run =
        JobRun.of(
            new ScoreJob(),
            conf(entry("same", "rtx-4090"), entry("slower", "rtx-4090")).toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            | run | predictor | requests | TTFT | TPOT | E2E | extrapolated |
            |---|---|---|---|---|---|---|
            | same | layer_profile | 3 | 0.00 % (0.00, +0.00) | 0.00 % (0.00, +0.00) | 0.00 % (0.00, +0.00) | 0.00 % |
            | slower | layer_profile | 3 | 20.00 % (20.00, -20.00) | 20.00 % (20.00, -20.00) | 20.00 % (20.00, -20.00) | 0.00 % |
            """);
  }

  @Test
  void aRunIsPredictedWithTermsOfOtherRunsOnly() throws IOException {
    Path conf =
        conf(entry("same", "rtx-4090"), entry("slower", "rtx-4090"), entry("elsewhere", "l40s"));
    Path card = folder.resolve("card.json");
    JobRun run =
        JobRun.of(
            new CalibrateJob(), conf.toString(), "--leave-out", "run", "--card", card.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            "same: fitted to slower%nslower: fitted to same%nelsewhere: nothing to fit to; the terms stay as the file has them%nThe card is %s.%n"
                .formatted(card));
    CalibrationCard written = CalibrationCard.read(card);
    // Fitted to the slower run: a quarter of a millisecond per step, each of one request.
    StepTerms fitted = written.folds().get(0).unprofiled();
    assertThat(fitted.perStepUs() + fitted.perSequenceUs()).isBetween(235.0, 265.0);
    assertThat(written.folds().get(0).errorAfter())
        .isLessThan(written.folds().get(0).errorBefore() / 10);
    assertThat(written.folds().get(1).unprofiled().perStepUs()).isZero();
    assertThat(written.folds().get(2).training()).isEmpty();
    JobRun scored = JobRun.of(new ScoreJob(), conf.toString(), "--card", card.toString());
    assertThat(scored.out()).containsPattern("same \\| layer_profile \\| 3 \\| 2[3-7]\\.");
  }

  @Test
  void swappingWhatIsOffForWhatWasMeasuredLeavesNoError() throws IOException {
    Path conf = conf(entry("same", "rtx-4090"), entry("slower", "rtx-4090"));
    JobRun run = JobRun.of(new ScoreJob(), conf.toString(), "--swap");
    // All iterations of the slower run take a quarter longer, of one request each.
    assertThat(run.out())
        .contains("| slower | nothing | 1.000, 1.000 | 20.00 % (20.00, -20.00) |")
        .containsPattern("\\| slower \\| decodes \\| 1.000, 1.2[45]\\d \\| 20.00 % .*\\| 0.0\\d % ")
        .containsPattern(
            "\\| slower \\| prefills \\| 1.2[45]\\d, 1.000 \\| 0.0\\d % .*\\| 20.00 % ")
        .containsPattern("\\| slower \\| both \\| 1.2[45]\\d, 1.2[45]\\d \\| 0.0\\d % ")
        .contains("same: 0.00 % of E2E, which no component's median explains.")
        .containsPattern(
            "slower: 20.00 % of E2E, of which 0.0\\d are left with both as long as measured.");
  }

  @Test
  void termsThatAreNotFittedStayWhileOthersAre() throws IOException {
    // A host that is slower than the devices: nothing that is fitted to the devices is seen.
    String slowHost = "host: {per_step_us: 100000, per_sequence_us: 0}";
    Path conf =
        conf(
            entry("same", "rtx-4090").replaceAll("host: \\{.*?}", slowHost),
            entry("slower", "rtx-4090").replaceAll("host: \\{.*?}", slowHost));
    Path card = folder.resolve("card.json");
    JobRun.of(new CalibrateJob(), conf.toString(), "--leave-out", "run", "--card", card.toString());
    CalibrationCard.Fold fold = CalibrationCard.read(card).folds().get(0);
    assertThat(fold.host()).isEqualTo(new StepTerms(100_000, 0, 0));
    assertThat(fold.errorBefore()).isGreaterThan(1000);
    assertThat(fold.errorAfter()).isGreaterThan(fold.errorBefore() / 2);
  }

  @Test
  void anotherDeviceIsLeftOutWhole() throws IOException {
    Path conf =
        conf(entry("same", "rtx-4090"), entry("slower", "rtx-4090"), entry("elsewhere", "l40s"));
    Path card = folder.resolve("card.json");
    JobRun.of(
        new CalibrateJob(), conf.toString(), "--leave-out", "device", "--card", card.toString());
    assertThat(CalibrationCard.read(card).folds().get(0).training()).containsExactly("elsewhere");
    assertThat(CalibrationCard.read(card).folds().get(2).training())
        .containsExactly("same", "slower");
  }

  @Test
  void aRunThatIsNotHereIsFittedForAndNotScored() throws IOException {
    Path conf = conf(entry("absent", "rtx-4090"), entry("slower", "rtx-4090"));
    Path card = folder.resolve("card.json");
    JobRun.of(new CalibrateJob(), conf.toString(), "--leave-out", "run", "--card", card.toString());
    assertThat(CalibrationCard.read(card).folds().get(0).training()).containsExactly("slower");
    assertThat(CalibrationCard.read(card).folds().get(1).training()).isEmpty();
    JobRun scored = JobRun.of(new ScoreJob(), conf.toString(), "--card", card.toString());
    assertThat(scored.exitCode()).isZero();
    assertThat(scored.err()).contains("absent: not scored, as its folder is not here.");
    assertThat(scored.out()).contains("| slower |").doesNotContain("| absent |");

    // With the terms that were fitted without it.
    log("absent", 1.25);
    assertThat(JobRun.of(new ScoreJob(), conf.toString(), "--card", card.toString()).out())
        .containsPattern("absent \\| layer_profile \\| 3 \\| [0-2]\\.");
  }

  @Test
  void anotherPredictorStandsInForTheFiles() throws IOException {
    Path conf = conf(entry("same", "rtx-4090"));
    JobRun run = JobRun.of(new ScoreJob(), conf.toString(), "--predictor", "roofline");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("| same | roofline | 3 |");
    String slower = "{kind: roofline, compute_efficiency: 0.5, memory_efficiency: 0.5}";
    assertThat(JobRun.of(new ScoreJob(), conf.toString(), "--predictor", slower).out())
        .contains("| same | roofline | 3 |")
        .isNotEqualTo(run.out());

    JobRun both =
        JobRun.of(
            new ScoreJob(), conf.toString(), "--predictor", "roofline", "--card", "card.json");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("Maybe leave --card out.");
    JobRun unknown = JobRun.of(new ScoreJob(), conf.toString(), "--predictor", "oracle");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("--predictor:1", "oracle");
  }

  @Test
  void ifNoRunIsHereEachSaysWhatItLookedFor() throws IOException {
    JobRun run =
        JobRun.of(
            new ScoreJob(), conf(entry("gone", "rtx-4090"), entry("lost", "rtx-4090")).toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no such file or folder: gone", "no such file or folder: lost");
  }

  @Test
  void aCardOfOtherRunsIsRefused() throws IOException {
    Path card = folder.resolve("card.json");
    CalibrationCard.of("other", LeaveOut.RUN, List.of(), List.of()).write(card);
    JobRun run =
        JobRun.of(
            new ScoreJob(), conf(entry("same", "rtx-4090")).toString(), "--card", card.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("the card of other has no fold for the run same. Maybe calibrate again.");
  }

  @Test
  void aProfileThatIsNotThereIsNamed() throws IOException {
    JobRun run = JobRun.of(new ScoreJob(), conf(entry("same", "h200")).toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("no profile of plumbline/tiny on h200 in");
  }

  /**
   * Targets of docs/fidelity.md, with a card whose folds have not seen the runs that they score.
   */
  @Test
  void publishedRunsOfVllmAreMet() {
    assumeThat(SHARED.resolve("llmservingsim_vllm019"))
        .as("skipped: no published runs at " + SHARED)
        .isDirectory();
    Path conf = HOME.resolve("conf/fidelity/vllm019.yaml");
    List<ScoredRun> runs =
        CalibrationCard.read(HOME.resolve("conf/fidelity/vllm019-leave-one-run-out.json"))
            .apply(
                ScoredRuns.read(conf, HOME.resolve("models"), new PathResolver(List.of(), SHARED)));
    List<RunScore> scores = runs.stream().filter(ScoredRun::isHere).map(ScoredRun::score).toList();
    within(scores.get(0), 3.0, 1.65, 0.6);
    within(scores.get(1), 6.0, 1.4, 1.5);
    within(scores.get(2), 12.0, 1.8, 1.8);
  }

  private static void within(RunScore score, double ttft, double tpot, double e2e) {
    assertThat(score.ttft().mean()).as(score.run()).isLessThan(ttft);
    assertThat(score.tpot().mean()).as(score.run()).isLessThan(tpot);
    assertThat(score.e2e().mean()).as(score.run()).isLessThan(e2e);
  }
}
