package io.plumbline.simulator.learning;

import java.util.Arrays;

/** Small dense linear algebra: triangles by Householder, minimum-norm solutions by Jacobi. */
final class LeastSquares {
  private static final double EPSILON = Math.ulp(1.0);
  private static final int MAX_SWEEPS = 60;

  private LeastSquares() {}

  /**
   * The triangle R of a QR decomposition, as wide and high as the rows are wide. R has the same
   * singular values as the rows and gives the same solutions; triangles of blocks of rows, put on
   * top of each other, give the triangle of all.
   *
   * @param rows overwritten
   */
  static double[][] triangle(double[][] rows) {
    int columns = rows[0].length;
    for (int k = 0; k < Math.min(rows.length, columns); k++) {
      reflect(rows, k);
    }
    double[][] triangle = new double[columns][columns];
    for (int k = 0; k < Math.min(rows.length, columns); k++) {
      System.arraycopy(rows[k], k, triangle[k], k, columns - k);
    }
    return triangle;
  }

  /** Mirrors the rows from k on so that column k becomes zero below row k. */
  private static void reflect(double[][] rows, int k) {
    int columns = rows[0].length;
    double squares = 0;
    for (int i = k; i < rows.length; i++) {
      squares += rows[i][k] * rows[i][k];
    }
    if (squares == 0) {
      return;
    }
    double norm = Math.copySign(Math.sqrt(squares), rows[k][k]);
    double pivot = rows[k][k] + norm;
    double[] projection = new double[columns];
    rows[k][k] = pivot;
    for (int i = k; i < rows.length; i++) {
      double[] row = rows[i];
      double share = row[k] / (norm * pivot);
      for (int j = k + 1; j < columns; j++) {
        projection[j] += share * row[j];
      }
    }
    for (int i = k; i < rows.length; i++) {
      double[] row = rows[i];
      for (int j = k + 1; j < columns; j++) {
        row[j] -= row[k] * projection[j];
      }
    }
    rows[k][k] = -norm;
  }

  /**
   * The shortest of the vectors that minimise |A x - b|, where singular values below the largest
   * times the machine's epsilon count as zero: what {@code scipy.linalg.lstsq} gives. One-sided
   * Jacobi keeps the small singular values of badly scaled columns accurate.
   *
   * @param columns of A, overwritten
   * @see <a href="https://doi.org/10.1137/0613074">Demmel and Veselić: Jacobi's method is more
   *     accurate than QR, 1992</a>
   */
  static double[] minimumNorm(double[][] columns, double[] b) {
    int n = columns.length;
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      v[i][i] = 1;
    }
    boolean rotated = true;
    for (int sweep = 0; rotated && sweep < MAX_SWEEPS; sweep++) {
      rotated = false;
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotated |= makeOrthogonal(columns, v, p, q);
        }
      }
    }
    double largest = Arrays.stream(columns).mapToDouble(c -> dot(c, c)).max().orElse(0);
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      double squared = dot(columns[i], columns[i]);
      if (squared > largest * EPSILON * EPSILON) {
        double step = dot(columns[i], b) / squared;
        for (int j = 0; j < n; j++) {
          x[j] += step * v[i][j];
        }
      }
    }
    return x;
  }

  private static boolean makeOrthogonal(double[][] columns, double[][] v, int p, int q) {
    double pp = dot(columns[p], columns[p]);
    double qq = dot(columns[q], columns[q]);
    double pq = dot(columns[p], columns[q]);
    if (Math.abs(pq) <= EPSILON * Math.sqrt(pp) * Math.sqrt(qq)) {
      return false;
    }
    double zeta = (qq - pp) / (2 * pq);
    double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
    double cosine = 1 / Math.sqrt(1 + tangent * tangent);
    rotate(columns[p], columns[q], cosine, cosine * tangent);
    rotate(v[p], v[q], cosine, cosine * tangent);
    return true;
  }

  private static void rotate(double[] p, double[] q, double cosine, double sine) {
    for (int i = 0; i < p.length; i++) {
      double old = p[i];
      p[i] = cosine * old - sine * q[i];
      q[i] = sine * old + cosine * q[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
    }
    return dot;
  }
}
