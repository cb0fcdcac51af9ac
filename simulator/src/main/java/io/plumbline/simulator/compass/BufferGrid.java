package io.plumbline.simulator.compass;

/** A tile of the global buffer, cut into tiles of local buffers; sizes in words. */
final class BufferGrid {
  final long m;
  final long n;
  final long k;
  final long m1;
  final long n1;
  final long k1;
  final long tilesM;
  final long tilesN;
  final long tilesK;

  BufferGrid(long m, long n, long k, long m1, long n1, long k1) {
    this.m = m;
    this.n = n;
    this.k = k;
    this.m1 = Math.min(m, m1);
    this.n1 = Math.min(n, n1);
    this.k1 = Math.min(k, k1);
    this.tilesM = Check.ceilDiv(m, m1);
    this.tilesN = Check.ceilDiv(n, n1);
    this.tilesK = Check.ceilDiv(k, k1);
  }

  /** Rows of a tile in a place; the last may be a rest. */
  long rows(long place) {
    return place == tilesM - 1 ? m - place * m1 : m1;
  }

  long columns(long place) {
    return place == tilesN - 1 ? n - place * n1 : n1;
  }

  long depth(long place) {
    return place == tilesK - 1 ? k - place * k1 : k1;
  }

  /** Tiles of one slice of the inner dimension. */
  long plane() {
    return tilesM * tilesN;
  }

  long tiles() {
    return plane() * tilesK;
  }

  /** Whether all tiles of a slice are equal. */
  boolean planeIsEven() {
    return tilesM * m1 == m && tilesN * n1 == n;
  }
}
