package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowSortTest {
  @Test
  void rowsFollowTheirValues() {
    SplittableRandom random = new SplittableRandom(1);
    for (int size = 0; size < 200; size++) {
      sortAndCheck(size, i -> random.nextInt(1000));
      sortAndCheck(size, i -> random.nextInt(5));
      sortAndCheck(size, i -> i);
      sortAndCheck(size, i -> -i);
    }
  }

  /** Values that rise and fall again are split badly by the middle one, so the heap takes over. */
  @Test
  void anOrganPipeIsSortedAsWell() {
    sortAndCheck(5000, i -> Math.min(i, 5000 - i));
  }

  private static void sortAndCheck(int size, IntUnaryOperator value) {
    // Two values on either side stay where they are.
    float[] original = new float[size + 4];
    for (int i = 0; i < original.length; i++) {
      original[i] = value.applyAsInt(i);
    }
    float[] values = original.clone();
    int[] rows = IntStream.range(0, original.length).toArray();

    new RowSort(values, rows).sort(2, size + 2);

    float[] expected = original.clone();
    Arrays.sort(expected, 2, size + 2);
    assertThat(values).isEqualTo(expected);
    assertThat(Arrays.stream(rows).distinct().count()).isEqualTo(original.length);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(original[rows[i]]);
    }
  }
}
