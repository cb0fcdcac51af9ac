package io.plumbline.reference.djl;

import ai.djl.ndarray.NDArray;
import io.plumbline.trace.model.ModelSpec;

/**
 * The oracle: the textbook transformer in double precision, loops over plain arrays, the whole
 * sequence anew for every answer. It shares nothing with the decoders but the weights.
 */
final class PlainDecoder {
  private final ModelSpec model;
  private final DecoderWeights weights;

  PlainDecoder(ModelSpec model, DecoderWeights weights) {
    this.model = model;
    this.weights = weights;
  }

  /** Logits of the token after the last one. */
  double[] logits(long[] ids) {
    double[][] x = new double[ids.length][];
    double[][] embedding = matrix(weights.embedding());
    for (int t = 0; t < ids.length; t++) {
      x[t] = embedding[(int) ids[t]].clone();
    }
    for (LayerWeights layer : weights.layers()) {
      addAttention(layer, x);
      for (double[] token : x) {
        addMlp(layer, token);
      }
    }
    return times(matrix(weights.head()), normed(x[ids.length - 1], vector(weights.finalNorm())));
  }

  private void addAttention(LayerWeights layer, double[][] x) {
    int headDim = model.headDim();
    int group = model.queryHeads() / model.kvHeads();
    double[][] qkv = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      qkv[t] = times(matrix(layer.qkv()), normed(x[t], vector(layer.attentionNorm())));
      if (layer.qkvBias() != null) {
        add(qkv[t], vector(layer.qkvBias()));
      }
    }
    for (int t = 0; t < x.length; t++) {
      double[] mixed = new double[model.queryHeads() * headDim];
      for (int h = 0; h < model.queryHeads(); h++) {
        double[] query = rotated(head(qkv[t], h, layer.queryNorm()), t);
        int keyHead = model.queryHeads() + h / group;
        int valueHead = model.queryHeads() + model.kvHeads() + h / group;
        double[] probability = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double[] key = rotated(head(qkv[s], keyHead, layer.keyNorm()), s);
          probability[s] = Math.exp(dot(query, key) / Math.sqrt(headDim));
          sum += probability[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = 0; i < headDim; i++) {
            mixed[h * headDim + i] += probability[s] / sum * qkv[s][valueHead * headDim + i];
          }
        }
      }
      add(x[t], times(matrix(layer.attentionOut()), mixed));
    }
  }

  private void addMlp(LayerWeights layer, double[] token) {
    int width = model.mlpHiddenSize();
    double[] in = times(matrix(layer.mlpIn()), normed(token, vector(layer.mlpNorm())));
    double[] active = new double[width];
    for (int i = 0; i < width; i++) {
      active[i] =
          model.gatedMlp()
              ? in[i] / (1 + Math.exp(-in[i])) * in[width + i]
              : in[i] * 0.5 * (1 + erf(in[i] / Math.sqrt(2)));
    }
    add(token, times(matrix(layer.mlpOut()), active));
  }

  private double[] head(double[] qkvOfToken, int head, NDArray scale) {
    double[] slice = new double[model.headDim()];
    System.arraycopy(qkvOfToken, head * slice.length, slice, 0, slice.length);
    return scale == null ? slice : normed(slice, vector(scale));
  }

  private double[] rotated(double[] head, int position) {
    int half = head.length / 2;
    double[] out = new double[head.length];
    for (int i = 0; i < half; i++) {
      double angle = position / Math.pow(model.ropeTheta(), 2.0 * i / head.length);
      out[i] = head[i] * Math.cos(angle) - head[i + half] * Math.sin(angle);
      out[i + half] = head[i + half] * Math.cos(angle) + head[i] * Math.sin(angle);
    }
    return out;
  }

  private double[] normed(double[] x, double[] scale) {
    double rms = Math.sqrt(dot(x, x) / x.length + model.normEpsilon());
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i] / rms * scale[i];
    }
    return out;
  }

  /** Maclaurin series; exact enough for the small arguments here. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private static double[] times(double[][] matrix, double[] vector) {
    double[] out = new double[matrix.length];
    for (int row = 0; row < matrix.length; row++) {
      out[row] = dot(matrix[row], vector);
    }
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] target, double[] more) {
    for (int i = 0; i < target.length; i++) {
      target[i] += more[i];
    }
  }

  private static double[] vector(NDArray array) {
    float[] flat = array.toFloatArray();
    double[] out = new double[flat.length];
    for (int i = 0; i < flat.length; i++) {
      out[i] = flat[i];
    }
    return out;
  }

  private static double[][] matrix(NDArray array) {
    double[] flat = vector(array);
    int columns = Math.toIntExact(array.getShape().get(1));
    double[][] out = new double[flat.length / columns][columns];
    for (int row = 0; row < out.length; row++) {
      System.arraycopy(flat, row * columns, out[row], 0, columns);
    }
    return out;
  }
}
