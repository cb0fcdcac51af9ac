package io.plumbline.reference.djl;

import io.plumbline.files.WholeFile;
import io.plumbline.trace.model.ModelSpec;
import java.nio.file.Path;

/**
 * The decoder of a model as a TorchScript file without weights, for PyTorch elsewhere: the GPU kit
 * runs it from Python. Its method {@code forward} takes weights, tables and a batch.
 */
public final class DecoderArchive {
  private static final String NAME = "decoder";

  private DecoderArchive() {}

  /** Writes the file, whole or not at all. */
  public static void write(Path file, ModelSpec model) {
    WholeFile.replace(
        file, temporary -> TorchScriptArchive.write(temporary, NAME, DecoderScript.of(model)));
  }
}
