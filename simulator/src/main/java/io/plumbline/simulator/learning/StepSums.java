package io.plumbline.simulator.learning;

import java.util.Arrays;

/** A forest added up, tree by tree, on the grid of all its thresholds; each leaf is a rectangle. */
final class StepSums {
  private final double[][] edges;
  private final int width;
  private final double[] sums;

  /** Knows the unit of the sums. */
  private Tree last;

  private int trees;

  /**
   * All zero.
   *
   * @param edges thresholds of all trees on each axis, ascending
   */
  StepSums(double[][] edges) {
    this.edges = edges;
    this.width = edges[1].length + 1;
    this.sums = new double[(edges[0].length + 1) * width];
  }

  void add(Tree tree) {
    last = tree;
    paint(tree, 0, 0, edges[0].length, 0, edges[1].length);
    trees++;
  }

  /** Adds a node's part of the tree; bounds are included. */
  private void paint(Tree tree, int node, int top, int bottom, int west, int east) {
    if (tree.isLeaf(node)) {
      double answer = tree.answer(node);
      for (int step = top; step <= bottom; step++) {
        for (int i = step * width + west; i <= step * width + east; i++) {
          sums[i] += answer;
        }
      }
      return;
    }
    int edge = Arrays.binarySearch(edges[tree.axis(node)], tree.threshold(node));
    int left = tree.left(node);
    if (tree.axis(node) == 0) {
      paint(tree, left, top, edge, west, east);
      paint(tree, left + 1, edge + 1, bottom, west, east);
    } else {
      paint(tree, left, top, bottom, west, edge);
      paint(tree, left + 1, top, bottom, edge + 1, east);
    }
  }

  /** The mean of the trees. */
  StepTable table(int features) {
    double[] ms = new double[sums.length];
    for (int i = 0; i < ms.length; i++) {
      ms[i] = last.ms(sums[i], trees);
    }
    return new StepTable(features, edges, ms, null);
  }
}
