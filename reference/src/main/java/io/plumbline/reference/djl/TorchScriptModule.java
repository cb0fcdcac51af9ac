package io.plumbline.reference.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * TorchScript of our own, loaded without Python: an archive with source text and an object without
 * parameters is written and loaded like any exported model.
 *
 * @see <a
 *     href="https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md">the
 *     archive's format</a>
 */
final class TorchScriptModule implements AutoCloseable {
  private static final String NAME = "decoder";

  /** Class of the source text. */
  static final String CLASS = "Decoder";

  /** As PyTorch 2.7 writes it into its archives. */
  private static final String FORMAT_VERSION = "3\n";

  private final Model model;
  private final PtSymbolBlock block;

  private TorchScriptModule(Model model, PtSymbolBlock block) {
    this.model = model;
    this.block = block;
  }

  /**
   * Compiles a class.
   *
   * @param source text of the class {@link #CLASS}
   */
  static TorchScriptModule compile(String source, Device device) {
    Model model = Model.newInstance(NAME, device, DjlEngine.ENGINE);
    try {
      Path folder = Files.createTempDirectory("plumbline");
      Path archive = folder.resolve(NAME + ".pt");
      try {
        write(archive, source);
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

  private static void write(Path archive, String source) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, "data.pkl", pickledObject());
      store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      // An empty tuple: the source has no constants.
      store(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      store(zip, "version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** PyTorch reads entries in place, so they must not be compressed. */
  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(NAME + "/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  /** Pickle, protocol 2: a new object of the class, its state an empty mapping. */
  private static byte[] pickledObject() {
    String global = "c__torch__\n" + CLASS + "\n";
    return ("\u0080\u0002" + global + ")\u0081}b.").getBytes(StandardCharsets.ISO_8859_1);
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
