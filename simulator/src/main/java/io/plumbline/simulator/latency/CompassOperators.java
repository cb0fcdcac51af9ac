package io.plumbline.simulator.latency;

/** Operators of a layer on a described device, in seconds. */
interface CompassOperators {
  /** Rows times a matrix of weights. */
  double product(long rowCount, long widthOut, long widthIn);

  /** Equal products of different matrices, in one kernel. */
  double batched(long batch, long m, long n, long k);

  double softmax(long rowCount, long columns);

  /** Any norm of rows. */
  double norm(long rowCount, long columns);

  double gelu(long elements);

  /** SiLU of the gate, times the other half. */
  double gatedSilu(long elements);

  /** Over so many devices, at least two. */
  double allReduce(long bytes, int devices);
}
