package io.plumbline.files.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.files.Fixtures;
import io.plumbline.trace.random.NumpyRandom;
import io.plumbline.trace.random.PythonRandom;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.vidur.VidurLengths;
import io.plumbline.trace.workload.vidur.VidurZipfLengths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Random numbers of CPython and NumPy themselves, where they lie beside the checkout. */
final class RandomVectorsTest {
  @TestFactory
  Iterable<DynamicTest> everyVectorIsEqualToTheLastBit() throws IOException {
    JsonNode seeds =
        new ObjectMapper()
            .readTree(Fixtures.shared("golden/vidur/rng_vectors.json").toFile())
            .get("seeds");
    return seeds.properties().stream()
        .map(
            seed ->
                DynamicTest.dynamicTest(
                    "seed " + seed.getKey(),
                    () -> check(Long.parseLong(seed.getKey()), seed.getValue())))
        .toList();
  }

  @Test
  void zipfTotalsAreEqual() throws IOException {
    Path file = Fixtures.shared("golden/vidur/rng_vectors.json");
    for (JsonNode law : new ObjectMapper().readTree(file.toFile()).get("zipf")) {
      VidurLengths.Draws draws =
          new VidurZipfLengths(
                  law.get("min").intValue(),
                  law.get("max").intValue(),
                  law.get("theta").doubleValue(),
                  8,
                  law.get("seed").longValue())
              .start();
      for (double total : doubles(law.get("first50"))) {
        assertThat(draws.next(null))
            .isEqualTo(new TokenLengths.Pair((int) (total - total / 9), (int) (total / 9)));
      }
    }
  }

  private static void check(long seed, JsonNode vectors) {
    draws(vectors.get("py_random"), new PythonRandom(seed)::nextDouble);
    PythonRandom integers = new PythonRandom(seed);
    draws(vectors.get("py_randint_1_4"), () -> integers.randint(1, 4));
    PythonRandom uniform = new PythonRandom(seed);
    draws(vectors.get("py_uniform_1024_4096"), () -> uniform.uniform(1024, 4096));
    draws(vectors.get("np_random_sample"), new NumpyRandom(seed)::nextDouble);
    assertThat(doubles(new NumpyRandom(seed).permutation(10)))
        .containsExactly(doubles(vectors.get("np_permutation_10")));
    assertThat(Arrays.copyOf(doubles(new NumpyRandom(seed).permutation(1000)), 20))
        .containsExactly(doubles(vectors.get("np_permutation_1000_first20")));
    for (Map.Entry<String, JsonNode> gaps :
        vectors.get("gamma_interarrival_qps2_by_cv").properties()) {
      double cv = Double.parseDouble(gaps.getKey());
      double shape = 1 / (cv * cv);
      NumpyRandom random = new NumpyRandom(seed);
      draws(gaps.getValue(), () -> random.gamma(shape, 1 / (2 * shape)));
    }
  }

  private static void draws(JsonNode expected, DoubleSupplier next) {
    assertThat(DoubleStream.generate(next).limit(expected.size()))
        .containsExactly(Arrays.stream(doubles(expected)).boxed().toArray(Double[]::new));
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  private static double[] doubles(int[] array) {
    return Arrays.stream(array).asDoubleStream().toArray();
  }
}
