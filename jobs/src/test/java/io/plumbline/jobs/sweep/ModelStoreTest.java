package io.plumbline.jobs.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import io.plumbline.jobs.training.TrainedOperator;
import io.plumbline.simulator.learning.ModelNumbers;
import io.plumbline.simulator.learning.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
  @TempDir Path temp;
  private Path folder;
  private ModelStore store;

  @BeforeEach
  void makeStore() {
    folder = temp.resolve("trained");
    store = new ModelStore(folder.toString());
  }

  private static TrainedOperator trained(String modelId, double ms) {
    return new TrainedOperator(
        modelId,
        "add",
        "{\"kind\":\"random_forest\"}",
        "some/model",
        "a100",
        2,
        0.125,
        "2026-01-02T03:04:05Z",
        new ModelNumbers(
            ModelNumbers.Kind.STEPS,
            1,
            new double[] {0.1, 1e300},
            new double[0],
            new double[] {ms, 1.0 / 3, Double.MIN_VALUE},
            new TrainingReport(Map.of("estimators", "250"), 3.5, 1.25, 261)));
  }

  @Test
  void whatIsKeptIsFoundToTheLastBit() {
    assertThat(store.find("m1")).isNull();

    store.put(trained("m1", 0.1 + 0.2));

    TrainedOperator found = store.find("m1");
    assertThat(Json.write(found)).isEqualTo(Json.write(trained("m1", 0.1 + 0.2)));
    assertThat(found.numbers().ms()).containsExactly(0.1 + 0.2, 1.0 / 3, Double.MIN_VALUE);
    assertThat(found.numbers().model().predict(0.1)).isEqualTo(0.1 + 0.2);
    assertThat(store.find("m2")).isNull();
  }

  /** The form of the files, so that a change of it is noticed and gets a new name. */
  @Test
  void aFileIsTwoLinesOfJson() throws IOException {
    store.put(trained("m1", 0.5));

    assertThat(Files.readAllLines(folder.resolve("m1.jsonl")))
        .containsExactly(
            "{\"form\":\"plumbline-trained-operator-1\",\"crc32\":\"f95cf428\"}",
            "{\"model_id\":\"m1\",\"operator\":\"add\",\"learner_json\":\"{\\\"kind\\\":\\\"random_forest\\\"}\","
                + "\"model\":\"some/model\",\"device\":\"a100\",\"tensor_parallel\":2,\"cpu_seconds\":0.125,"
                + "\"trained_at\":\"2026-01-02T03:04:05Z\",\"numbers\":{\"kind\":\"steps\",\"features\":1,"
                + "\"x_axis\":[0.1,1.0E300],\"y_axis\":[],\"ms\":[0.5,0.3333333333333333,4.9E-324],"
                + "\"report\":{\"parameters\":{\"estimators\":\"250\"},\"cross_validation_mape\":3.5,"
                + "\"training_mape\":1.25,\"rows\":261}}}");
  }

  @Test
  void aFileThatWasCutOffOrChangedCountsAsAbsent() throws IOException {
    store.put(trained("m1", 0.5));
    Path file = folder.resolve("m1.jsonl");
    String whole = Files.readString(file);
    List<String> broken =
        new ArrayList<>(
            List.of(
                "",
                "\n",
                whole.substring(0, whole.indexOf('\n')),
                whole.substring(0, whole.length() / 2),
                whole.replace("[0.5,", "[0.6,"),
                whole.replace("\"crc32\":\"", "\"crc32\":\"0"),
                whole.replace("operator-1", "operator-0"),
                whole.substring(whole.indexOf('\n') + 1)));

    for (String text : broken) {
      Files.writeString(file, text);
      assertThat(store.find("m1")).as(text).isNull();
    }
    Files.writeString(file, whole);
    assertThat(store.find("m1")).isNotNull();
    // A file under the name of another.
    Files.move(file, folder.resolve("m2.jsonl"));
    assertThat(store.find("m2")).isNull();
  }

  @Test
  void readersSeeAWholeModelWhileOthersWriteIt() throws Exception {
    store.put(trained("m1", 1));
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int w = 0; w < 2; w++) {
        double ms = w;
        writers.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    store.put(trained("m1", ms));
                  }
                }));
      }
      Future<Boolean> always =
          pool.submit(
              () -> {
                boolean found = true;
                while (!writers.stream().allMatch(Future::isDone)) {
                  found &= store.find("m1") != null;
                }
                return found;
              });
      assertThat(always.get()).isTrue();
      for (Future<?> writer : writers) {
        writer.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("m1.jsonl");
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path plain = Files.writeString(temp.resolve("plain"), "x");

    assertThatThrownBy(() -> new ModelStore(plain.toString()).requireWritable())
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("the folder %s cannot be written: ".formatted(plain))
        .hasMessageEndingWith(" Maybe name another one with --cache.");
  }
}
