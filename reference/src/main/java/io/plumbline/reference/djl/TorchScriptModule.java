package io.plumbline.reference.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** TorchScript of our own, loaded without Python. */
final class TorchScriptModule implements AutoCloseable {
  private static final String NAME = "decoder";

  private final Model model;
  private final PtSymbolBlock block;

  private TorchScriptModule(Model model, PtSymbolBlock block) {
    this.model = model;
    this.block = block;
  }

  /**
   * Compiles a class.
   *
   * @param source text of the class {@link TorchScriptArchive#CLASS}
   */
  static TorchScriptModule compile(String source, Device device) {
    Model model = Model.newInstance(NAME, device, DjlEngine.ENGINE);
    try {
      Path folder = Files.createTempDirectory("plumbline");
      Path archive = folder.resolve(NAME + ".pt");
      try {
        TorchScriptArchive.write(archive, NAME, source);
        model.load(folder, NAME);
      } finally {
        Files.deleteIfExists(archive);
        Files.delete(folder);
      }
      // Its profiling executor would compile anew for shapes that it has not met.
      JniUtils.setGraphExecutorOptimize(false);
      return new TorchScriptModule(model, (PtSymbolBlock) model.getBlock());
    } catch (IOException e) {
      model.close();
      throw new UncheckedIOException("cannot write a TorchScript archive", e);
    } catch (MalformedModelException e) {
      model.close();
      throw new IllegalStateException("PyTorch does not take the decoder's TorchScript", e);
    }
  }

  /** Runs a method; the caller closes what it gave and what it gets. */
  IValue call(String method, IValue... arguments) {
    return IValueUtils.runMethod(block, method, arguments);
  }

  @Override
  public void close() {
    model.close();
  }
}
