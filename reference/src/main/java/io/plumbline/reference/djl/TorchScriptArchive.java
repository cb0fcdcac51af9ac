package io.plumbline.reference.djl;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file of a TorchScript class, as PyTorch exports it: source text, and an object without
 * parameters. The same source gives the same bytes.
 *
 * @see <a
 *     href="https://github.com/pytorch/pytorch/blob/main/torch/csrc/jit/docs/serialization.md">the
 *     archive's format</a>
 */
final class TorchScriptArchive {
  /** Class of the source text. */
  static final String CLASS = "Decoder";

  /** As PyTorch 2.7 writes it into its archives. */
  private static final String FORMAT_VERSION = "3\n";

  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private TorchScriptArchive() {}

  /**
   * Writes an archive.
   *
   * @param name folder of the archive's entries; PyTorch takes any
   * @param source text of the class {@link #CLASS}
   */
  static void write(Path archive, String name, String source) throws IOException {
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      store(zip, name + "/data.pkl", pickledObject());
      store(zip, name + "/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      // An empty tuple: the source has no constants.
      store(zip, name + "/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      store(zip, name + "/version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** PyTorch reads entries in place, so they must not be compressed. */
  private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
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
}
