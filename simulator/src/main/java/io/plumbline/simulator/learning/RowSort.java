package io.plumbline.simulator.learning;

/**
 * Sorts rows by a value in the order that scikit-learn 1.2 leaves equal values in: its introsort is
 * not stable, and sums depend on the order of what is added.
 *
 * @see <a
 *     href="https://doi.org/10.1002/(SICI)1097-024X(199708)27:8%3C983::AID-SPE117%3E3.0.CO;2-%23">
 *     Musser: Introspective sorting and selection algorithms, 1997</a>
 */
final class RowSort {
  /** Values and the rows that have them, moved together. */
  private final float[] values;

  private final int[] rows;

  /**
   * @param rows sorted in place
   */
  RowSort(float[] values, int[] rows) {
    this.values = values;
    this.rows = rows;
  }

  /** Sorts a range; the end is excluded. */
  void sort(int start, int end) {
    if (end > start) {
      sort(start, end, 2 * log2(end - start));
    }
  }

  private static int log2(int n) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(n);
  }

  /** Quicksort in three parts, the middle one equal to the pivot; heapsort if it goes too deep. */
  private void sort(int first, int end, int levels) {
    int start = first;
    int left = levels;
    while (end - start > 1) {
      if (left-- <= 0) {
        heapSort(start, end - start);
        return;
      }
      float pivot = median(values[start], values[start + (end - start) / 2], values[end - 1]);
      int less = start;
      int next = start;
      int greater = end;
      while (next < greater) {
        if (values[next] < pivot) {
          swap(next++, less++);
        } else if (values[next] > pivot) {
          swap(next, --greater);
        } else {
          next++;
        }
      }
      sort(start, less, left);
      start = greater;
    }
  }

  private static float median(float a, float b, float c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }

  private void heapSort(int start, int size) {
    for (int root = (size - 2) / 2; root >= 0; root--) {
      siftDown(start, root, size);
    }
    for (int last = size - 1; last > 0; last--) {
      swap(start, start + last);
      siftDown(start, 0, last);
    }
  }

  private void siftDown(int start, int first, int size) {
    int root = first;
    while (true) {
      int child = 2 * root + 1;
      int greatest = root;
      if (child < size && values[start + greatest] < values[start + child]) {
        greatest = child;
      }
      if (child + 1 < size && values[start + greatest] < values[start + child + 1]) {
        greatest = child + 1;
      }
      if (greatest == root) {
        return;
      }
      swap(start + root, start + greatest);
      root = greatest;
    }
  }

  private void swap(int a, int b) {
    float value = values[a];
    values[a] = values[b];
    values[b] = value;
    int row = rows[a];
    rows[a] = rows[b];
    rows[b] = row;
  }
}
