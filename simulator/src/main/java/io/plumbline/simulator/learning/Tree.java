package io.plumbline.simulator.learning;

/**
 * A regression tree of least squares over one bootstrap sample; whoever plants the next one digs up
 * the last. The first node is the root; a right child follows its left sibling.
 */
interface Tree {
  /**
   * Plants the tree of a sample.
   *
   * @param draws how often each row is in the sample
   * @param depthLimit a node at this depth is a leaf
   * @param splitLimit a node with fewer different rows is a leaf
   * @param seed of the order in which axes are tried
   */
  void plant(int[] draws, int depthLimit, int splitLimit, int seed);

  /** Number of nodes once all is cut that is to be cut. */
  int nodes();

  /** Whether a node is not cut. */
  boolean isLeaf(int node);

  /** Axis that an inner node cuts. */
  int axis(int node);

  /** Points of an inner node up to here go left. */
  double threshold(int node);

  /** Left child of an inner node. */
  int left(int node);

  /** Mean target of a node, in the unit of the tree. */
  double answer(int node);

  /** Mean in ms of answers of several trees, given their sum. */
  double ms(double answers, int trees);

  /** The child of an inner node that a point belongs to. */
  default int child(int node, double x, double y) {
    return (axis(node) == 0 ? x : y) <= threshold(node) ? left(node) : left(node) + 1;
  }

  /** The answer to a point. */
  default double answer(double x, double y) {
    int node = 0;
    while (!isLeaf(node)) {
      node = child(node, x, y);
    }
    return answer(node);
  }
}
