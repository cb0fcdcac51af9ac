package io.plumbline.jobs.profile;

import static io.plumbline.jobs.TinyProfile.ALL_REDUCE_HEADER;
import static io.plumbline.jobs.TinyProfile.ATTENTION_HEADER;
import static io.plumbline.jobs.TinyProfile.MLP_HEADER;
import static io.plumbline.jobs.TinyProfile.SEND_RECV_HEADER;
import static io.plumbline.jobs.TinyProfile.decode;
import static io.plumbline.jobs.TinyProfile.lines;
import static io.plumbline.jobs.TinyProfile.mlp;
import static io.plumbline.jobs.TinyProfile.network;
import static io.plumbline.jobs.TinyProfile.prefill;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.plumbline.files.BadInputException;
import io.plumbline.files.card.ModelCards;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.jobs.TinyProfile;
import io.plumbline.jobs.card.HardwareCards;
import io.plumbline.simulator.hardware.DataType;
import io.plumbline.simulator.hardware.Deployment;
import io.plumbline.simulator.hardware.DeviceSku;
import io.plumbline.simulator.hardware.NodeSku;
import io.plumbline.simulator.hardware.Parallelism;
import io.plumbline.simulator.latency.HostOperator;
import io.plumbline.simulator.latency.HostOverhead;
import io.plumbline.simulator.latency.MeasuredGrid;
import io.plumbline.simulator.latency.Operator;
import io.plumbline.simulator.latency.OperatorProfile;
import io.plumbline.simulator.latency.PauseOperator;
import io.plumbline.simulator.latency.ProfileFiles;
import io.plumbline.simulator.latency.ProfileQuery;
import io.plumbline.simulator.latency.ProfiledSpec;
import io.plumbline.simulator.latency.TokenOperator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VidurProfilesTest {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home"));
  private static final HardwareCards CARDS = new HardwareCards(HOME.resolve("models"));

  @TempDir Path root;
  private Path compute;

  @BeforeEach
  void writeProfile() {
    compute = TinyProfile.compute(root, "a100");
    lines(compute.resolve("mlp.csv"), MLP_HEADER, mlp(1, 1, 1), mlp(101, 3, 1), mlp(1, 50, 2));
    lines(
        compute.resolve("attention.csv"),
        ATTENTION_HEADER,
        decode(1, 64, "0.5", "0.1", 1),
        decode(8, 64, "0.75", "0.2", 1),
        decode(1, 64, "9", "9", 2),
        prefill(16, 0, "2", "0.3", 1),
        prefill(32, 64, "4", "0.4", 1));
  }

  @Test
  void everyOperatorHasTheCurveOfItsOwnColumn() {
    OperatorProfile profile = load(1, 1);

    for (int k = 0; k < TinyProfile.OPERATORS.size(); k++) {
      String name = TinyProfile.OPERATORS.get(k);
      assertThat(ms(profile, operator(name), 1)).as(name).isEqualTo(1 + k);
      assertThat(ms(profile, operator(name), 101)).as(name).isEqualTo(3 + k);
      // Half way between two points.
      assertThat(ms(profile, operator(name), 51)).as(name).isEqualTo(2 + k);
    }
    assertThat(profile.operators())
        .doesNotContain(TokenOperator.ALL_REDUCE, TokenOperator.SEND_RECV)
        .doesNotContain(HostOperator.values());
  }

  @Test
  void decodesAreTheRowsWithoutAChunkAndPrefillsTheOthers() {
    OperatorProfile profile = load(1, 1);

    assertThat(profile.decodeAttention().ms(1, 64)).isEqualTo(0.5);
    assertThat(profile.decodeAttention().ms(8, 64)).isEqualTo(0.75);
    assertThat(profile.prefillAttention().ms(16, 0)).isEqualTo(2);
    assertThat(profile.prefillAttention().ms(32, 64)).isEqualTo(4);
  }

  @Test
  void keysAndValuesAreSavedForAsManyTokensAsTheChunkOrTheBatchHas() {
    OperatorProfile profile = load(1, 1);

    // Rows: batch 1, batch 8, chunk 16, chunk 32.
    assertThat(ms(profile, TokenOperator.ATTN_KV_CACHE_SAVE, 1)).isEqualTo(0.1);
    assertThat(ms(profile, TokenOperator.ATTN_KV_CACHE_SAVE, 8)).isEqualTo(0.2);
    assertThat(ms(profile, TokenOperator.ATTN_KV_CACHE_SAVE, 16)).isEqualTo(0.3);
    assertThat(ms(profile, TokenOperator.ATTN_KV_CACHE_SAVE, 32)).isEqualTo(0.4);
  }

  @Test
  void launchedOperatorsStandBesideTheOthers() throws IOException {
    Path launched = Files.createDirectories(TinyProfile.compute(root.resolve("launched"), "a100"));
    for (String file : List.of("mlp.csv", "attention.csv")) {
      Files.copy(compute.resolve(file), launched.resolve(file));
    }
    lines(launched.resolve("mlp.csv"), MLP_HEADER, mlp(1, 11, 1), mlp(101, 13, 1));
    ProfileQuery query =
        new ProfiledSpec(
                root.toString(),
                root.resolve("launched").toString(),
                null,
                64,
                8,
                0,
                0,
                0,
                0,
                HostOverhead.NONE)
            .profileQuery();

    OperatorProfile both = profiles(16).profile(query, deployment("a100-80gb", 1, 1, 8));

    assertThat(ms(both, TokenOperator.ATTN_PRE_PROJ, 1)).isEqualTo(1);
    assertThat(both.operators()).hasSize(2 * load(1, 1).operators().size());
    assertThat(both.operators())
        .extracting(Operator::profileName)
        .contains("attn_pre_proj", "launched.attn_pre_proj");
    assertThat(both.contentHash()).isNotEqualTo(load(1, 1).contentHash());
  }

  @Test
  void onlyRowsOfTheTensorDegreeCount() {
    lines(
        compute.resolve("attention.csv"),
        ATTENTION_HEADER,
        decode(1, 64, "9", "9", 2),
        prefill(1, 64, "8", "9", 2));
    lines(
        root.resolve("network/a100_dgx/all_reduce.csv"),
        ALL_REDUCE_HEADER,
        network(0, "0.1", 2, 512, "all_reduce", 2));

    OperatorProfile profile = load(2, 1);

    assertThat(ms(profile, TokenOperator.ATTN_PRE_PROJ, 1)).isEqualTo(50);
    assertThat(profile.decodeAttention().ms(1, 64)).isEqualTo(9);
  }

  @Test
  void exactDuplicatesAreDroppedAndRepeatedMeasurementsAveraged() {
    lines(
        compute.resolve("mlp.csv"),
        MLP_HEADER,
        mlp(1, 1, 1),
        mlp(1, 1, 1),
        mlp(1, 1, 1),
        mlp(1, 2, 1));

    // With the duplicates the mean would be 1.25.
    assertThat(ms(load(1, 1), TokenOperator.ATTN_PRE_PROJ, 1)).isEqualTo(1.5);
  }

  @Test
  void optionalColumnsThatAreMissingOrEmptyCostNothing() throws IOException {
    edit("mlp.csv", text -> text.replace("time_stats.add.median", "time_stats.other.median"));
    edit(
        "mlp.csv", text -> text.replace("1.0,2.0,3.0,4.0,5.0,6.0,7.0", "1.0,2.0,3.0,4.0,5.0,6.0,"));
    edit("attention.csv", text -> text.replace("attn_kv_cache_save", "kv_cache_of_another_name"));

    OperatorProfile profile = load(1, 1);

    assertThat(ms(profile, TokenOperator.ADD, 101)).isZero();
    assertThat(ms(profile, TokenOperator.ATTN_KV_CACHE_SAVE, 8)).isZero();
    assertThat(ms(profile, TokenOperator.INPUT_LAYERNORM, 1)).isZero();
    assertThat(ms(profile, TokenOperator.INPUT_LAYERNORM, 101)).isEqualTo(9);
  }

  @Test
  void rowsOfAnotherModelShapeOrBlockSizeAreAnErrorThatNamesWhatThereIs() throws IOException {
    String mlp = compute.resolve("mlp.csv").toString();
    String attention = compute.resolve("attention.csv").toString();
    assertBad(
        () -> profiles(32).profile(query(), deployment("a100-80gb", 1, 1, 8)),
        attention + " has no rows for block size 32 (column block_size); it has [16].");
    assertBad(
        () -> load(4, 1),
        mlp
            + " has no rows for tensor parallel degree 4 (column num_tensor_parallel_workers);"
            + " it has [1, 2].");
    edit("attention.csv", text -> text.replace(",256,8,4,16,", ",256,8,2,16,"));
    assertBad(
        () -> load(1, 1),
        attention + " has no rows for kv heads 4 (column n_kv_head); it has [2].");
    edit("attention.csv", text -> text.replace(",256,8,2,16,", ",256,6,2,16,"));
    assertBad(
        () -> load(1, 1),
        attention + " has no rows for query heads 8 (column n_q_head); it has [6].");
    edit("attention.csv", text -> text.replace(",256,6,2,16,", ",128,6,2,16,"));
    assertBad(
        () -> load(1, 1),
        attention + " has no rows for hidden size 256 (column n_embd); it has [128].");
    for (List<String> change :
        List.of(
            List.of(
                "8,4,256,688",
                "8,4,256,999",
                "mlp hidden size 688 (column n_expanded_embd)",
                "999"),
            List.of("8,4,256,999", "8,4,300,999", "hidden size 256 (column n_embd)", "300"),
            List.of("8,4,300,999", "8,1,300,999", "kv heads 4 (column n_kv_head)", "1"),
            List.of("8,1,300,999", "5,1,300,999", "query heads 8 (column n_head)", "5"))) {
      edit("mlp.csv", text -> text.replace("," + change.get(0), "," + change.get(1)));
      assertBad(
          () -> load(1, 1),
          "%s has no rows for %s; it has [%s].".formatted(mlp, change.get(2), change.get(3)));
    }
  }

  @Test
  void rowsOfAnotherKindOfMlpAreAnErrorAndAFileThatDoesNotSayIsTaken() throws IOException {
    edit("mlp.csv", text -> text.replace(",True,", ",False,"));
    assertBad(
        () -> load(1, 1),
        "%s has no rows for a gated mlp: true (column use_gated_mlp); it has [False]."
            .formatted(compute.resolve("mlp.csv")));

    edit("mlp.csv", text -> text.replace("use_gated_mlp", "comment"));
    assertThat(ms(load(1, 1), TokenOperator.ATTN_PRE_PROJ, 1)).isEqualTo(1);
  }

  @Test
  void theVocabularyIsNotComparedBecauseFilesHaveAPaddedOne() throws IOException {
    edit("mlp.csv", text -> text.replace(",4096,True,", ",32768,True,"));

    assertThat(ms(load(1, 1), TokenOperator.ATTN_PRE_PROJ, 1)).isEqualTo(1);
  }

  @Test
  void theHostsTimesAreReadIfAskedFor() {
    Path file = root.resolve("cpu_overhead/a100_dgx/plumbline/tiny/cpu_overheads.csv");
    ProfileQuery query = query(ProfileFiles.defaults(), HostOverhead.PROFILED);
    Deployment deployment = deployment("a100-80gb", 1, 1, 8);
    assertBadMessage(
        () -> profiles(16).profile(query, deployment),
        "no profile %s. Maybe choose a device, model and node that were profiled, or the predictor roofline, which needs no profile."
            .formatted(file));

    TinyProfile.writeHost(root, "a100_dgx", 0.5, 1);
    OperatorProfile profile = profiles(16).profile(query, deployment);

    // The k-th takes k ms more than asked, and 8 requests twice that.
    for (HostOperator operator : HostOperator.values()) {
      double ms = 0.5 + operator.ordinal();
      assertThat(ms(profile, operator, 1)).as(operator.profileName()).isEqualTo(ms);
      assertThat(ms(profile, operator, 8)).as(operator.profileName()).isEqualTo(2 * ms);
    }
    assertThat(profile.contentHash()).isNotEqualTo(load(1, 1).contentHash());

    TinyProfile.writeHost(root, "a100_dgx", 0.5, 2);
    assertBad(
        () -> profiles(16).profile(query, deployment),
        "%s has no rows for tensor parallel degree 1 (column tensor_parallel_degree); it has [2]."
            .formatted(file));
  }

  @Test
  void whatAPauseCostsIsReadIfItWasMeasured() {
    TinyProfile.writeHost(root, "a100_dgx", 0.5, 1);
    ProfileQuery query = query(ProfileFiles.defaults(), HostOverhead.PROFILED);
    Deployment deployment = deployment("a100-80gb", 1, 1, 8);
    assertThat(profiles(16).profile(query, deployment).operators())
        .doesNotContain(PauseOperator.AFTER_PAUSE);

    Path file = root.resolve("cpu_overhead/a100_dgx/plumbline/tiny/after_pause.csv");
    String header =
        "num_tokens,in_a_loop_median,after_pause_median,pause_ms,model_name,tensor_parallel_degree";
    lines(file, header, "1,1.5,3.5,100,plumbline/tiny,1", "64,4,3.75,100,plumbline/tiny,1");
    OperatorProfile profile = profiles(16).profile(query, deployment);
    assertThat(ms(profile, PauseOperator.AFTER_PAUSE, 1)).isEqualTo(2);
    // A pause makes nothing faster.
    assertThat(ms(profile, PauseOperator.AFTER_PAUSE, 64)).isZero();

    lines(file, header, "1,1.5,3.5,20,plumbline/tiny,1");
    assertBad(
        () -> profiles(16).profile(query, deployment),
        "%s has no rows for pause in ms 100 (column pause_ms); it has [20].".formatted(file));
  }

  @Test
  void everyFileMayBeElsewhereUnderATemplate() throws IOException {
    lines(
        root.resolve("network/a100_dgx/send_recv.csv"),
        SEND_RECV_HEADER,
        network(0, "0.1", 2, 512, "send_recv", 2));
    TinyProfile.writeHost(root, "a100_dgx", 0.5, 1);
    ProfileQuery layout = query(ProfileFiles.defaults(), HostOverhead.PROFILED);
    Deployment deployment = deployment("a100-80gb", 1, 2, 8);
    String hash = profiles(16).profile(layout, deployment).contentHash();
    Path elsewhere = Files.createDirectories(root.resolve("mine/a100-plumbline/tiny"));
    Files.move(compute.resolve("mlp.csv"), elsewhere.resolve("m.csv"));
    Files.move(compute.resolve("attention.csv"), elsewhere.resolve("a.csv"));
    Files.move(root.resolve("network"), root.resolve("mine/network"));
    Files.move(root.resolve("cpu_overhead"), root.resolve("mine/cpu_overhead"));

    ProfileFiles files =
        new ProfileFiles(
            "mine/{DEVICE}-{MODEL}/m.csv",
            "mine/{DEVICE}-{MODEL}/a.csv",
            null,
            "mine/network/{NETWORK_DEVICE}/send_recv.csv",
            "mine/cpu_overhead/{NETWORK_DEVICE}/{MODEL}/cpu_overheads.csv");
    // No folder of that name is looked for when no file is taken from it.
    ProfileQuery templates = new ProfileQuery("no/such/root", files, HostOverhead.PROFILED);

    assertThat(profiles(16).profile(templates, deployment).contentHash()).isEqualTo(hash);

    Files.move(elsewhere, root.resolve("mine/a200-plumbline"));
    assertThatThrownBy(() -> profiles(16).profile(templates, deployment))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "no such file or folder: mine/a100-80gb-plumbline/tiny/m.csv or mine/a100-plumbline/tiny/m.csv or ")
        .hasMessageContaining(root.resolve("mine/a100-plumbline/tiny/m.csv").toString());
  }

  @Test
  void aFileWithoutDecodesOrWithoutPrefillsIsNamed() {
    Path attention = compute.resolve("attention.csv");
    lines(attention, ATTENTION_HEADER, decode(1, 64, "1", "0", 1));
    assertBadMessage(
        () -> load(1, 1),
        attention + " has no rows of prefills (prefill_chunk_size above 0) for this model.");
    lines(attention, ATTENTION_HEADER, prefill(16, 64, "1", "0", 1));
    assertBadMessage(
        () -> load(1, 1),
        attention + " has no rows of decodes (prefill_chunk_size 0) for this model.");
    lines(attention, ATTENTION_HEADER);
    assertBadMessage(() -> load(1, 1), attention + " has no rows.");
  }

  @Test
  void aMissingColumnAnEmptyTimeAndACutRowAreNamed() throws IOException {
    Path mlp = compute.resolve("mlp.csv");
    edit("mlp.csv", text -> text.replace("time_stats.mlp_act.median", "time_stats.act.median"));
    assertBadMessage(
        () -> load(1, 1),
        "%s has no column time_stats.mlp_act.median. It has %s."
            .formatted(mlp, MLP_HEADER.replace("mlp_act", "act").replace(",", ", ")));

    lines(mlp, MLP_HEADER, mlp(1, 1, 1), mlp(2, 1, 1).replaceFirst("1.0", ""));
    assertBadMessage(
        () -> load(1, 1),
        mlp + ":3: time_stats.attn_pre_proj.median is '', not a number of at least 0");

    lines(mlp, MLP_HEADER, mlp(1, 1, 1), mlp(2, 1, 1).replaceFirst("1.0", "NaN"));
    assertBadMessage(
        () -> load(1, 1),
        mlp + ":3: time_stats.attn_pre_proj.median is 'NaN', not a number of at least 0");

    lines(mlp, MLP_HEADER, mlp(1, 1, 1), mlp(2, 1, 1).replaceFirst("1.0", "-1.0"));
    assertBadMessage(
        () -> load(1, 1),
        mlp + ":3: time_stats.attn_pre_proj.median is '-1.0', not a number of at least 0");

    lines(mlp, MLP_HEADER, mlp(1, 1, 1), "1.0,2.0");
    assertBadMessage(
        () -> load(1, 1), mlp + ":3: 2 fields, but the header has 17. Maybe the file was cut off.");
  }

  @Test
  void aDeviceIsFoundByItsNameOrAnyAlias() throws IOException {
    assertThat(load(1, 1).contentHash()).isNotBlank();

    Files.move(root.resolve("compute/a100"), root.resolve("compute/a100-80gb"));
    assertThat(load(1, 1).contentHash()).isNotBlank();

    Files.move(root.resolve("compute/a100-80gb"), root.resolve("compute/a200"));
    assertBadMessage(
        () -> load(1, 1),
        "no profile of plumbline/tiny on a100-80gb in %s. Maybe choose a model and device that were profiled, or the predictor roofline, which needs no profile."
            .formatted(root.resolve("compute")));
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(compute.resolve("attention.csv"));

    assertBadMessage(
        () -> load(1, 1),
        "no profile %s. Maybe choose a device, model and node that were profiled, or the predictor roofline, which needs no profile."
            .formatted(compute.resolve("attention.csv")));
  }

  @Test
  void theContentHashIsThatOfEveryRowThatIsUsed() throws IOException {
    String before = load(1, 1).contentHash();

    assertThat(load(1, 1).contentHash()).isEqualTo(before);
    edit("attention.csv", text -> text.replace("0.75", "0.76"));
    assertThat(load(1, 1).contentHash()).isNotEqualTo(before);
  }

  @Test
  void twoTensorDegreesOfTheSameFilesAreTwoProfiles() {
    lines(
        compute.resolve("attention.csv"),
        ATTENTION_HEADER,
        decode(1, 64, "1", "1", 1),
        prefill(1, 64, "1", "1", 1),
        decode(1, 64, "9", "9", 2),
        prefill(1, 64, "8", "9", 2));
    lines(
        root.resolve("network/a100_dgx/all_reduce.csv"),
        ALL_REDUCE_HEADER,
        network(0, "0.1", 2, 512, "all_reduce", 2));

    // A sweep keeps its profiles by this hash, so equal ones would share their times.
    assertThat(load(1, 1).contentHash()).isNotEqualTo(load(2, 1).contentHash());
  }

  @Test
  void anAllReduceIsOneWithinANodeAndItsSizesAreHiddenVectorsOf16Bits() {
    lines(
        compute.resolve("attention.csv"),
        ATTENTION_HEADER,
        decode(1, 64, "1", "0", 2),
        prefill(16, 64, "1", "0", 2));
    lines(
        root.resolve("network/a100_dgx/all_reduce.csv"),
        ALL_REDUCE_HEADER,
        network(0, "0.1", 2, 512, "all_reduce", 2),
        network(1, "0.5", 2, 5120, "all_reduce", 2),
        network(2, "7", 2, 512, "all_reduce", 1),
        network(3, "8", 4, 512, "all_reduce", 4),
        network(4, "9", 2, 512, "broadcast", 2));

    OperatorProfile profile = load(2, 1);

    // Hidden size 256: one token is 512 bytes.
    assertThat(ms(profile, TokenOperator.ALL_REDUCE, 1)).isEqualTo(0.1);
    assertThat(ms(profile, TokenOperator.ALL_REDUCE, 10)).isEqualTo(0.5);
  }

  @Test
  void stagesInOneNodeTalkAsTwoDevicesOfOneNodeAndElseAsOneOfEach() {
    lines(
        root.resolve("network/a100_dgx/send_recv.csv"),
        SEND_RECV_HEADER,
        network(0, "0.1", 2, 512, "send_recv", 2),
        network(1, "0.7", 2, 512, "send_recv", 1));

    // 2 devices in a node of 8; 2 devices in nodes of 1.
    assertThat(ms(load(1, 2), TokenOperator.SEND_RECV, 1)).isEqualTo(0.1);
    assertThat(
            ms(
                profiles(16).profile(query(), deployment("a100-80gb", 1, 2, 1)),
                TokenOperator.SEND_RECV,
                1))
        .isEqualTo(0.7);
  }

  @Test
  void aNodeWithoutMeasuredCollectivesIsNamed() {
    assertBadMessage(
        () -> load(1, 2),
        "no profile %s. Maybe choose a device, model and node that were profiled, or the predictor roofline, which needs no profile."
            .formatted(root.resolve("network/a100_dgx/send_recv.csv")));
  }

  @Test
  void realProfilesGiveTheirMeasuredMediansAtMeasuredPoints() throws IOException {
    Path real =
        HOME.resolve(Path.of("..", "shared", "extern", "vidur", "data", "profiling")).normalize();
    assumeTrue(Files.isDirectory(real), () -> "skipped: Vidur's profiles are not at " + real);
    Deployment llama =
        new Deployment(
            ModelCards.load(HOME.resolve("models"), "meta-llama/Llama-2-70b-hf"),
            CARDS.device("a100").sku(DataType.FLOAT16),
            CARDS.node("a100_pairwise_nvlink").sku(),
            new Parallelism(2, 1),
            DataType.FLOAT16);

    OperatorProfile profile =
        profiles(16)
            .profile(
                new ProfileQuery(real.toString(), ProfileFiles.defaults(), HostOverhead.NONE),
                llama);

    assertThat(profile.operators())
        .contains(TokenOperator.ALL_REDUCE)
        .doesNotContain(TokenOperator.SEND_RECV);
    MeasuredGrid decode = profile.decodeAttention();
    MeasuredGrid prefill = profile.prefillAttention();
    Path attention = real.resolve("compute/a100/meta-llama/Llama-2-70b-hf/attention.csv");
    Map<List<String>, String> once = measuredOnce(attention);
    assertThat(once.size()).isGreaterThan(13_000);
    once.forEach(
        (point, medianMs) -> {
          int batch = Integer.parseInt(point.get(0));
          int chunk = Integer.parseInt(point.get(1));
          int context = Integer.parseInt(point.get(2));
          double ms = chunk == 0 ? decode.ms(batch, context) : prefill.ms(chunk, context);
          if (ms != PandasNumber.parse(medianMs)) {
            throw new AssertionError("%s: %s instead of %s".formatted(point, ms, medianMs));
          }
        });
  }

  /** Medians by (batch, chunk, context), of the points that were measured a single time. */
  private static Map<List<String>, String> measuredOnce(Path attention) throws IOException {
    Map<List<String>, String> once = new HashMap<>();
    Map<List<String>, Integer> count = new HashMap<>();
    try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(attention)) {
      for (NamedCsvRecord row : rows) {
        String chunk = row.getField("prefill_chunk_size");
        List<String> point =
            List.of(row.getField("batch_size"), chunk, row.getField("kv_cache_size"));
        String column = chunk.equals("0") ? "attn_decode" : "attn_prefill";
        once.put(point, row.getField(TinyProfile.median(column)));
        count.merge(point, 1, Integer::sum);
      }
    }
    once.keySet().removeIf(point -> count.get(point) > 1);
    return once;
  }

  private ProfileQuery query() {
    return query(ProfileFiles.defaults(), HostOverhead.NONE);
  }

  private ProfileQuery query(ProfileFiles files, HostOverhead hostOverhead) {
    return new ProfileQuery(root.toString(), files, hostOverhead);
  }

  /** A device may be stated in the sweep file itself; its profile has its name. */
  @Test
  void aDeviceWithoutACardIsFoundUnderItsOwnName() throws IOException {
    Deployment known = deployment("a100-80gb", 1, 1, 8);
    String hash = profiles(16).profile(query(), known).contentHash();
    Files.move(root.resolve("compute/a100"), root.resolve("compute/a30"));
    DeviceSku a100 = known.device();
    Deployment unknown =
        new Deployment(
            known.model(),
            new DeviceSku(
                "a30",
                a100.memoryBytes(),
                a100.denseFlops(),
                a100.memoryBandwidthBytesPerSecond(),
                a100.kernelLaunchSeconds()),
            known.node(),
            known.parallelism(),
            known.dtype());

    assertThat(profiles(16).profile(query(), unknown).contentHash()).isEqualTo(hash);
  }

  private OperatorProfile load(int tensor, int pipeline) {
    return profiles(16).profile(query(), deployment("a100-80gb", tensor, pipeline, 8));
  }

  private VidurProfiles profiles(int blockTokens) {
    return new VidurProfiles(new PathResolver(root, HOME, null), CARDS, blockTokens);
  }

  private static Deployment deployment(
      String device, int tensor, int pipeline, int devicesPerNode) {
    NodeSku dgx = CARDS.node("a100_dgx").sku();
    return new Deployment(
        ModelCards.load(HOME.resolve("models"), TinyProfile.MODEL),
        CARDS.device(device).sku(DataType.FLOAT16),
        new NodeSku(
            dgx.name(),
            devicesPerNode,
            Integer.valueOf(devicesPerNode),
            dgx.linkBandwidthBytesPerSecond(),
            dgx.linkLatencySeconds(),
            null,
            dgx.interNodeBandwidthBytesPerSecond(),
            dgx.interNodeLatencySeconds()),
        new Parallelism(tensor, pipeline),
        DataType.FLOAT16);
  }

  private static TokenOperator operator(String name) {
    for (TokenOperator operator : TokenOperator.values()) {
      if (operator.profileName().equals(name)) {
        return operator;
      }
    }
    throw new AssertionError(name);
  }

  private static double ms(OperatorProfile profile, Operator operator, int size) {
    return profile.curve(operator).ms(size);
  }

  private void edit(String file, Function<String, String> change) throws IOException {
    Path path = compute.resolve(file);
    String before = Files.readString(path);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    Files.writeString(path, after);
  }

  private static void assertBad(Runnable action, String message) {
    assertBadMessage(action, message + " Maybe choose one of these.");
  }

  private static void assertBadMessage(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(BadInputException.class).hasMessage(message);
  }
}
