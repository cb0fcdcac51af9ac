package io.plumbline.files.weights;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.files.BadInputException;
import io.plumbline.files.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One safetensors file: the length of its header, the header as JSON, then the tensors' bytes. */
final class SafetensorsFile implements AutoCloseable {
  private static final int LENGTH_BYTES = 8;
  private static final int MAX_HEADER_BYTES = 100_000_000;

  /**
   * Where a tensor is.
   *
   * @param dtype how its numbers are written, as the file says it
   * @param offset of its first byte in the file
   */
  private record Entry(String dtype, long[] shape, long offset, long bytes) {}

  private final Path path;
  private final FileChannel channel;
  private final Map<String, Entry> entries = new TreeMap<>();

  private SafetensorsFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static SafetensorsFile open(Path path) {
    try {
      SafetensorsFile file = new SafetensorsFile(path, FileChannel.open(path));
      try {
        file.readHeader();
        return file;
      } catch (IOException | BadInputException e) {
        file.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new BadInputException("no such file: " + path, e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private void readHeader() throws IOException {
    long size = channel.size();
    long length = size < LENGTH_BYTES ? -1 : bytes(0, LENGTH_BYTES).getLong();
    if (length < 0 || length > MAX_HEADER_BYTES || length > size - LENGTH_BYTES) {
      throw new BadInputException(
          "%s: no safetensors file, or cut off within its header".formatted(path));
    }
    ByteBuffer header = bytes(LENGTH_BYTES, Math.toIntExact(length));
    JsonNode tree =
        Json.parseTree(path.toString(), StandardCharsets.UTF_8.decode(header).toString());
    for (Map.Entry<String, JsonNode> tensor : tree.properties()) {
      if (!tensor.getKey().equals("__metadata__")) {
        entries.put(tensor.getKey(), entry(tensor.getKey(), tensor.getValue(), length, size));
      }
    }
  }

  private Entry entry(String name, JsonNode node, long headerBytes, long fileBytes) {
    JsonNode offsets = node.path("data_offsets");
    long begin = offsets.path(0).asLong(-1);
    long bytes = offsets.path(1).asLong(-1) - begin;
    long offset = LENGTH_BYTES + headerBytes + begin;
    if (begin < 0 || bytes < 0 || offset + bytes > fileBytes) {
      throw new BadInputException(
          "%s: tensor %s ends beyond the file. Maybe the file was cut off.".formatted(path, name));
    }
    JsonNode sizes = node.path("shape");
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong();
    }
    return new Entry(node.path("dtype").asText(), shape, offset, bytes);
  }

  private ByteBuffer bytes(long offset, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new BadInputException("%s: the file ends too early".formatted(path));
      }
    }
    return buffer.flip();
  }

  Path path() {
    return path;
  }

  Set<String> names() {
    return entries.keySet();
  }

  long[] shape(String name) {
    return entries.get(name).shape().clone();
  }

  void read(String name, long from, float[] into) {
    Entry entry = entries.get(name);
    Element element = element(name, entry);
    long offset = entry.offset() + from * element.bytes();
    int count = into.length * element.bytes();
    if (offset + count > entry.offset() + entry.bytes()) {
      throw new BadInputException(
          "%s: tensor %s has fewer numbers than its shape says".formatted(path, name));
    }
    try {
      ByteBuffer bytes = bytes(offset, count);
      for (int i = 0; i < into.length; i++) {
        into[i] = element.read(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private Element element(String name, Entry entry) {
    for (Element element : Element.values()) {
      if (element.name().equals(entry.dtype())) {
        return element;
      }
    }
    throw new BadInputException(
        "%s: tensor %s is in %s; only F32, F16 and BF16 are read. Maybe convert the weights."
            .formatted(path, name, entry.dtype()));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
