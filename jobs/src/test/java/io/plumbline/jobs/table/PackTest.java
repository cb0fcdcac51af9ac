package io.plumbline.jobs.table;

import static io.plumbline.jobs.TestRuns.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.jobs.SharedSpark;
import io.plumbline.jobs.TestRuns;
import io.plumbline.simulator.Recording;
import io.plumbline.trace.run.Origin;
import io.plumbline.trace.run.RunManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {
  private static final String RUNS =
      "SELECT run.run_id, recording, run.outcome, count(t.request_id) FROM run"
          + " LEFT JOIN request_timing t ON t.run_id = run.run_id GROUP BY 1, 2, 3 ORDER BY 1";

  @TempDir Path temp;

  @Test
  void aPackIsSeenWholeWhenItIsPublishedAndNotBefore() throws IOException {
    try (PackWriter pack = pack("one")) {
      add(pack, "a", "requests");
      add(pack, "b", "requests");
      assertThat(sql(RUNS)).isEmpty();
      assertThat(sql("SELECT * FROM request_timing")).isEmpty();
      pack.publish();
    }
    assertThat(sql(RUNS)).containsExactly("[a,requests,completed,3]", "[b,requests,completed,3]");

    // What a task leaves that is killed between its files and its manifest.
    Path manifest = files("packs/manifest").get(0);
    Files.delete(manifest);
    assertThat(sql(RUNS)).isEmpty();
    assertThat(sql("SELECT * FROM request_timing")).isEmpty();
    assertThat(index().find("a")).isNull();
  }

  @Test
  void aPackThatIsDroppedLeavesNothing() throws IOException {
    try (PackWriter pack = pack("one")) {
      add(pack, "a", "requests");
    }
    assertThat(files("packs")).isEmpty();
  }

  @Test
  void ofARunInTwoPacksTheRowsOfTheBetterOneCount() {
    try (PackWriter pack = pack("one")) {
      add(pack, "a", "tokens");
      add(pack, "b", "requests");
      pack.addFailed(run("c"), 3, tags("tokens"), "broke", 1);
      pack.publish();
    }
    try (PackWriter pack = pack("two")) {
      add(pack, "a", "requests");
      add(pack, "c", "requests");
      add(pack, "d", "requests");
      pack.publish();
    }
    assertThat(sql(RUNS))
        .containsExactly(
            "[a,tokens,completed,3]",
            "[b,requests,completed,3]",
            "[c,requests,completed,3]",
            "[d,requests,completed,3]");
    assertThat(sql("SELECT count(*) FROM request_timing")).containsExactly("[12]");
    assertThat(index().find("a")).isEqualTo(new RunIndex.Known(Recording.TOKENS, 0, "one"));
    assertThat(new RunReader(temp.toString()).run(Origin.SIMULATED, "c").outcome())
        .isEqualTo("completed");
    assertThat(new RunReader(temp.toString()).requests(Origin.SIMULATED, "c")).hasSize(3);
  }

  @Test
  void aFolderCountsBeforeAPackUnlessThatTookItOverAndTheFolderIsNotNewer() throws IOException {
    write("a", "requests");
    long written = index().folderMillis(List.of("a")).get("a");
    try (PackWriter pack = pack("one")) {
      add(pack, "a", "iterations");
      pack.publish();
    }
    assertThat(sql(RUNS)).containsExactly("[a,requests,completed,3]");

    try (PackWriter pack = pack("two")) {
      add(pack, "a", "tokens");
      pack.takeOver("simulated", "a", written);
      pack.publish();
    }
    assertThat(sql(RUNS)).containsExactly("[a,tokens,completed,3]");
    assertThat(index().isDone("a", Recording.TOKENS)).isTrue();
    assertThat(sql("SELECT count(*) FROM request_timing")).containsExactly("[3]");

    Path row = temp.resolve("run/origin=simulated/run_id=a/part-0.parquet");
    Files.setLastModifiedTime(row, java.nio.file.attribute.FileTime.fromMillis(written + 5000));
    assertThat(sql(RUNS)).containsExactly("[a,requests,completed,3]");
    assertThat(sql("SELECT count(*) FROM request_timing")).containsExactly("[3]");
  }

  @Test
  void subqueriesMayNameTheColumnsOfRunsThatAreInFoldersAndInPacks() {
    write("a", "requests");
    write("b", "requests");
    long written = index().folderMillis(List.of("b")).get("b");
    try (PackWriter pack = pack("one")) {
      add(pack, "a", "iterations");
      add(pack, "b", "tokens");
      add(pack, "c", "requests");
      pack.takeOver("simulated", "b", written);
      pack.publish();
    }
    try (PackWriter pack = pack("two")) {
      add(pack, "c", "tokens");
      add(pack, "d", "requests");
      pack.publish();
    }
    String[] threeEach = {"[a,3]", "[b,3]", "[c,3]", "[d,3]"};
    assertThat(
            sql(
                "SELECT run_id, (SELECT count(*) FROM request_timing t WHERE t.run_id = run.run_id)"
                    + " FROM run ORDER BY 1"))
        .containsExactly(threeEach);
    assertThat(
            sql(
                "SELECT run_id, requests FROM run WHERE EXISTS (SELECT 1 FROM request_timing t"
                    + " WHERE t.run_id = run.run_id AND t.origin = run.origin) ORDER BY 1"))
        .containsExactly(threeEach);
    assertThat(
            sql(
                "SELECT run_id, requests FROM run WHERE run_id NOT IN"
                    + " (SELECT run_id FROM request_timing WHERE request_id = 99) ORDER BY 1"))
        .containsExactly(threeEach);
    assertThat(
            sql(
                "SELECT run_id, count(*) FROM request_timing t WHERE e2e_ns >="
                    + " (SELECT min(e2e_ns) FROM request_timing o WHERE o.run_id = t.run_id)"
                    + " GROUP BY 1 ORDER BY 1"))
        .containsExactly(threeEach);
    assertThat(
            sql(
                "SELECT a.run_id, count(*) FROM request_timing a JOIN request_timing b"
                    + " USING (run_id, request_id) GROUP BY 1 ORDER BY 1"))
        .containsExactly(threeEach);
  }

  @Test
  void compactionAndVacuumChangeFilesAndNoRows() throws IOException {
    write("a", "requests");
    write("b", "tokens");
    for (String run : List.of("c", "d", "e")) {
      try (PackWriter pack = pack(run)) {
        add(pack, run, "requests");
        add(pack, "c", "iterations");
        pack.addFailed(run("x" + run), 3, tags("requests"), "broke", 2);
        pack.publish();
      }
    }
    List<String> runs = sql(RUNS);
    List<String> requests = sql("SELECT * FROM request_timing ORDER BY run_id, request_id");
    List<String> tokens =
        sql("SELECT * FROM token_timing ORDER BY run_id, request_id, token_index");
    assertThat(runs).hasSize(8);

    assertThat(new Compaction(temp.toString(), 100).plan())
        .isEqualTo(new Compaction.Result(3, 2, 1));
    assertThat(sql(RUNS)).isEqualTo(runs);
    new Compaction(temp.toString(), 100).run();

    assertThat(files("packs/manifest")).hasSize(4);
    assertThat(sql(RUNS)).isEqualTo(runs);
    assertThat(sql("SELECT * FROM request_timing ORDER BY run_id, request_id")).isEqualTo(requests);
    assertThat(index().find("xc").failures()).isEqualTo(2);
    assertThat(new Compaction(temp.toString(), 100).plan().into()).isZero();

    long now = System.currentTimeMillis();
    assertThat(new Vacuum(temp.toString(), now - 60_000).find().files()).isEmpty();
    Vacuum.Garbage garbage = new Vacuum(temp.toString(), now + 60_000).find();
    assertThat(new Vacuum(temp.toString(), now + 60_000).run()).isEqualTo(garbage);
    assertThat(files("packs/manifest")).hasSize(1);
    assertThat(files("packs/run")).hasSize(1);
    assertThat(temp.resolve("run/origin=simulated/run_id=a")).doesNotExist();
    assertThat(sql(RUNS)).isEqualTo(runs);
    assertThat(sql("SELECT * FROM request_timing ORDER BY run_id, request_id")).isEqualTo(requests);
    assertThat(sql("SELECT * FROM token_timing ORDER BY run_id, request_id, token_index"))
        .isEqualTo(tokens);
    assertThat(new Vacuum(temp.toString(), now + 60_000).find().files()).isEmpty();
  }

  @Test
  void vacuumRemovesWhatNoManifestNames() throws IOException {
    try (PackWriter pack = pack("one")) {
      add(pack, "a", "requests");
      pack.publish();
    }
    try (PackWriter pack = pack("two")) {
      add(pack, "b", "requests");
      pack.publish();
    }
    Files.delete(files("packs/manifest").get(1));
    new RunMarks(temp.toString()).set("b", 1);

    new Vacuum(temp.toString(), System.currentTimeMillis() + 60_000).run();

    assertThat(sql(RUNS)).containsExactly("[a,requests,completed,3]");
    assertThat(files("packs/run")).hasSize(1);
    assertThat(new RunMarks(temp.toString()).counts()).isEmpty();
  }

  @Test
  void aDamagedManifestIsAnErrorThatNamesIt() throws IOException {
    try (PackWriter pack = pack("one")) {
      add(pack, "a", "requests");
      pack.publish();
    }
    Path manifest = files("packs/manifest").get(0);
    Files.writeString(manifest, "{}");
    assertThatThrownBy(this::index)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(manifest.getFileName().toString())
        .hasMessageContaining("is no manifest of form plumbline-pack-1. Maybe");
  }

  @Test
  void aStoreWithoutRenameGetsEveryFileWhole() {
    String store = StoreWithoutRename.SCHEME + "://" + temp;
    try (PackWriter pack = new PackWriter(store, "one")) {
      pack.add(run("a"), REFERENCE, tags("tokens"));
      pack.publish();
    }
    new RunWriter(store).write(run("b"), REFERENCE, tags("requests"));
    new RunWriter(store).write(run("b"), REFERENCE, tags("iterations"));

    assertThat(sql(RUNS)).containsExactly("[a,tokens,completed,3]", "[b,iterations,completed,3]");
    assertThatThrownBy(
            () ->
                Rename.over(
                    new org.apache.hadoop.fs.Path(store)
                        .getFileSystem(PartitionWriter.configuration()),
                    new org.apache.hadoop.fs.Path(store + "/x"),
                    new org.apache.hadoop.fs.Path(store + "/y"),
                    PartitionWriter.configuration()))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private PackWriter pack(String job) {
    return new PackWriter(temp.toString(), job);
  }

  private static void add(PackWriter pack, String runId, String recording) {
    pack.add(run(runId), REFERENCE, tags(recording));
  }

  private void write(String runId, String recording) {
    new RunWriter(temp.toString()).write(run(runId), REFERENCE, tags(recording));
  }

  private static RunManifest run(String runId) {
    return TestRuns.manifest(runId, Origin.SIMULATED, "w1");
  }

  private static RunTags tags(String recording) {
    return new RunTags(null, "sarathi", "roofline", 1, 1, 1, recording);
  }

  private RunIndex index() {
    return RunIndex.of(temp.toString());
  }

  private List<String> sql(String query) {
    Tables.register(SharedSpark.session(), temp.toString());
    List<String> rows =
        SharedSpark.session().sql(query).collectAsList().stream().map(Row::toString).toList();
    if (query.equals(RUNS)) {
      assertThat(inDuckDb(query)).as("in DuckDB").isEqualTo(rows);
    }
    return rows;
  }

  /** The same question over the files that readers without Spark are told of. */
  private List<String> inDuckDb(String query) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(DuckDbScript.of(temp.toString()));
      try (ResultSet result = statement.executeQuery(query)) {
        while (result.next()) {
          List<String> cells = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            cells.add(result.getString(i));
          }
          rows.add("[" + String.join(",", cells) + "]");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return rows;
  }

  private List<Path> files(String folder) throws IOException {
    if (!Files.exists(temp.resolve(folder))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(temp.resolve(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
