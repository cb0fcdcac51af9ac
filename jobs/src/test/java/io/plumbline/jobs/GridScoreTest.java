package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.score.CalibrationCard;
import io.plumbline.jobs.score.GridTable;
import io.plumbline.jobs.score.ScoredGrids;
import io.plumbline.jobs.score.ScoredPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Grids of a few points: the tiny model, whose four layers take 1 ms each to launch and much less
 * to run. Requests are so far apart that each is alone.
 */
class GridScoreTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final Path SHARED = HOME.resolve("../shared/real");
  private static final String HEADER =
      "source,Timestamp,Model,Num_Replicas,Tensor_Parallel,Pipeline_Parallel,QPS,Total_Requests,"
          + "Total_Input_Tokens,Total_Output_Tokens,First_Token_P50,Inter_Token_P50,Total_Gen_P50";

  @TempDir private Path folder;

  /** A request of 20 and 5 tokens takes five steps, the first of which gives a token. */
  private static String point(String device, String run, int tensor, double stepMs) {
    return String.format(
        Locale.ROOT,
        "%s/qps2/a.csv,%s,plumbline/tiny,1,%d,1,0.01,4,80,20,%f,%f,%f",
        device,
        run,
        tensor,
        stepMs,
        stepMs,
        5 * stepMs);
  }

  private void measured(String... points) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    lines.addAll(List.of(points));
    Files.write(folder.resolve("vllm_latency_metrics_all.csv"), lines);
  }

  private Path conf(String predictor) throws IOException {
    return Files.writeString(
        folder.resolve("grid.yaml"),
        """
        name: test
        grids:
          - name: grid
            measured: {kind: qps_grid, path: %s}
            seeds: [1]
            simulate:
              scheduler: {kind: vllm_v1, enable_prefix_caching: false, async_scheduling: false}
              kv_cache: {blocks: 100}
              predictor: %s
              node: a100_dgx
            devices:
              - {called: a100, simulate: {device: a100-80gb}}
              - {called: h100, simulate: {device: h100-sxm}}
              - {called: l40s, simulate: {device: l40s, node: pcie-4}}
        """
            .formatted(folder, predictor));
  }

  private Path conf() throws IOException {
    return conf("{kind: host_bound, launch: {per_layer_us: 1000, per_collective_us: 0}}");
  }

  private List<String> score(Path conf, String... more) {
    List<String> arguments = new ArrayList<>(List.of(conf.toString()));
    arguments.addAll(List.of(more));
    JobRun run = JobRun.of(new ScoreJob(), arguments.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().lines().toList();
  }

  @BeforeEach
  void points() throws IOException {
    measured(
        point("a100_p4d", "run_1", 1, 4),
        point("a100_p4d", "run_2", 1, 5),
        // The same run in another file.
        point("a100_p4d", "run_1", 1, 4),
        point("h100_p5", "run_3", 2, 8));
  }

  @Test
  void percentilesOfEachPointAreCompared() throws IOException {
    List<String> lines = score(conf());
    // 4 ms a step: as measured, and a fifth less than 5 ms: the median of 0 and 20.
    assertThat(lines).hasSize(4);
    assertThat(lines.get(2))
        .isEqualTo(
            "| grid, a100-80gb | host_bound roofline | 2 | 10.0 % (-10.0) | – | – | 10.0 % (-10.0) | – | – | 10.0 % (-10.0) | – | – |");
    assertThat(lines.get(3))
        .startsWith("| grid, h100-sxm | host_bound roofline | 1 | 50.0 % (-50.0)");
  }

  @Test
  void whatAnotherSimulatorSaidOfTheSamePointsIsALineOfItsOwn() throws IOException {
    Files.writeString(
        folder.resolve("vidur_latency_metrics_all.csv"),
        """
        source,Timestamp,Model,Num_Replicas,Tensor_Parallel,Pipeline_Parallel,E2E_P50,Exec_P50
        a100_default/qps0.01/a.csv,t,plumbline/tiny,1,1,1,0.010,0.010
        a100_default/qps7/a.csv,t,plumbline/tiny,1,1,1,0.010,0.010
        other/qps0.01/a.csv,t,plumbline/tiny,1,1,1,0.010,0.010
        """);
    // 10 ms beside 20 and 25.
    assertThat(score(conf()))
        .contains(
            "| grid, a100-80gb | of the source | 2 | – | – | – | – | – | – | 55.0 % (-55.0) | – | – |");
  }

  @Test
  void aPointWhoseRunIsThereHasItsRequests() throws IOException {
    Files.writeString(
        folder.resolve("runs.csv"),
        """
        run,device,path,model,tp,pp,dp,max_num_batched_tokens,max_num_seqs,qps,qps_prompts_file,trace,concurrency,max_tokens,requests
        7,a100_p4d,a100_p4d/qps2/run_1,plumbline/tiny,1,1,1,512,512,0.01,p,,8,512,1
        """);
    Files.writeString(
        folder.resolve("requests.csv"),
        """
        run,req,arrival_rel_s,input_tokens,output_tokens,ttft_s,e2e_s
        7,0,0.0,20,7,0.004,0.02
        """);
    List<ScoredPoint> points =
        ScoredGrids.read(conf(), HOME.resolve("models"), new PathResolver(List.of(), SHARED))
            .points();
    assertThat(points.get(0).workloads()).hasSize(1);
    assertThat(points.get(0).workloads().get(0).request(0).outputTokens()).isEqualTo(7);
    assertThat(points.get(1).workloads().get(0).size()).isEqualTo(4);
  }

  @Test
  void aDeviceIsPredictedWithTheHostsOfOthers_evenIfItsPointsAreElsewhere() throws IOException {
    Path card = folder.resolve("card.json");
    JobRun run =
        JobRun.of(
            new CalibrateJob(),
            conf().toString(),
            "--leave-out",
            "device",
            "--card",
            card.toString());
    assertThat(run.out())
        .contains("grid, a100-80gb: fitted to h100-sxm, plumbline/tiny: 1 points")
        .contains(
            "grid, l40s: fitted to a100-80gb, plumbline/tiny: 2 points; h100-sxm, plumbline/tiny: 1 points");
    List<CalibrationCard.HostFold> hosts = CalibrationCard.read(card).hosts();
    assertThat(hosts)
        .extracting(CalibrationCard.HostFold::device)
        .containsExactly("a100-80gb", "h100-sxm", "l40s");
    assertThat(hosts.get(0).errorBefore()).isCloseTo(50, within(0.01));
    assertThat(hosts.get(0).errorAfter()).isLessThan(1.5);
    // What 8 ms with collectives comes to without them is not in the data: at most that.
    assertThat(score(conf(), "--card", card.toString()).get(3))
        .contains("h100-sxm")
        .doesNotContain("50.0 %");
    measured(point("l40s_g6e", "run_9", 1, 5));
    assertThat(score(conf(), "--card", card.toString())).hasSize(3);
  }

  @Test
  void everyPointCanBeWritten() throws IOException {
    Path csv = folder.resolve("points.csv");
    score(conf(), "--points", csv.toString());
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).startsWith("grid,device,model,replicas,tensor_parallel,");
    assertThat(lines.get(1))
        .startsWith(
            "grid,a100-80gb,plumbline/tiny,1,1,0.01,4,a100_p4d/qps2/a.csv/run_1,4000000,40000");
  }

  @Test
  void whatDoesNotFitIsExplained() throws IOException {
    Path card = folder.resolve("card.json");
    String[] run = {conf().toString(), "--leave-out", "run", "--card", card.toString()};
    assertThat(JobRun.of(new CalibrateJob(), run).err())
        .contains(
            "--leave-out run: a grid has too many points to leave out each. Maybe model or device.");
    String[] roofline = {
      conf("roofline").toString(), "--leave-out", "device", "--card", card.toString()
    };
    assertThat(JobRun.of(new CalibrateJob(), roofline).err())
        .contains(
            "grid grid: its predictor has no terms of a host to fit. Maybe predictor: {kind: host_bound");
    measured(point("mi300", "run_1", 1, 4));
    assertThat(JobRun.of(new ScoreJob(), conf().toString()).err())
        .contains(
            "no device of the grid is called as the device (mi300) of a point in the source. Maybe add it to devices.");
  }

  /** Targets of docs/fidelity.md on every twentieth point, with terms of the other devices. */
  @Test
  void publishedPointsAreMet() {
    assumeThat(SHARED.resolve("vllm_vidur_reproduce"))
        .as("skipped: no published points at " + SHARED)
        .isDirectory();
    List<ScoredPoint> points =
        CalibrationCard.read(HOME.resolve("conf/fidelity/qps-grid-leave-one-device-out.json"))
            .applyToPoints(
                ScoredGrids.read(
                        HOME.resolve("conf/fidelity/qps-grid.yaml"),
                        HOME.resolve("models"),
                        new PathResolver(List.of(), SHARED))
                    .points());
    List<ScoredPoint> some = new ArrayList<>();
    for (int i = 0; i < points.size(); i += 20) {
      some.add(points.get(i));
    }
    assertThat(medianE2e(some, "a100-40gb")).isLessThan(15);
    assertThat(medianE2e(some, "h100-sxm")).isLessThan(23);
  }

  private static double medianE2e(List<ScoredPoint> points, String device) {
    String line =
        GridTable.of(points)
            .markdown()
            .lines()
            .filter(row -> row.contains(", " + device + " | host_bound"))
            .findFirst()
            .orElseThrow();
    return Double.parseDouble(line.split("\\|", -1)[10].strip().split(" ", -1)[0]);
  }
}
