package io.plumbline.simulator.latency;

import io.plumbline.simulator.compass.Accelerator;
import io.plumbline.simulator.compass.DeviceLinks;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.MatmulOperator;
import io.plumbline.simulator.compass.MatmulShape;
import io.plumbline.simulator.compass.RowOperators;

/** LLMCompass's operators with their launch overheads, one kernel each. */
final class UnfusedOperators implements CompassOperators {
  private final Accelerator device;
  private final DeviceLinks links;
  private final MatmulOperator matmuls;
  private final RowOperators rows;
  private final MapperMode normMode;
  private final int wordBytes;
  private final double launchShare;

  UnfusedOperators(
      HardwareSystem system, MatmulOperator matmuls, int wordBytes, double launchShare) {
    this.device = system.device();
    this.links = system.links();
    this.matmuls = matmuls;
    this.rows = new RowOperators(device);
    // Of TPUs the original has one rule for layer norms, under one of their two modes.
    this.normMode = matmuls.mode() == MapperMode.TPU_NEW ? MapperMode.TPU : matmuls.mode();
    this.wordBytes = wordBytes;
    this.launchShare = launchShare;
  }

  @Override
  public double product(long rowCount, long widthOut, long widthIn) {
    return matmuls.matmul(new MatmulShape(rowCount, widthOut, widthIn, wordBytes)).seconds()
        + launchShare * device.overheads().matmulSeconds();
  }

  @Override
  public double batched(long batch, long m, long n, long k) {
    return matmuls.batchedSeconds(batch, new MatmulShape(m, n, k, wordBytes))
        + launchShare * device.overheads().matmulSeconds();
  }

  @Override
  public double softmax(long rowCount, long columns) {
    return rows.softmax(rowCount, columns).seconds(device)
        + launchShare * device.overheads().softmaxSeconds();
  }

  @Override
  public double norm(long rowCount, long columns) {
    return rows.layerNorm(rowCount, columns, normMode).seconds(device)
        + launchShare * device.overheads().layerNormSeconds();
  }

  @Override
  public double gelu(long elements) {
    return rows.geluSeconds(elements) + launchShare * device.overheads().geluSeconds();
  }

  @Override
  public double gatedSilu(long elements) {
    return rows.gatedSiluSeconds(elements) + launchShare * device.overheads().geluSeconds();
  }

  @Override
  public double allReduce(long bytes, int devices) {
    return links.among(devices).allReduceSeconds(bytes);
  }
}
