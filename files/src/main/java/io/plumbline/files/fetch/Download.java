package io.plumbline.files.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings one file: into {@code NAME.part}, which goes on where it stopped, also after the program
 * was killed; under its own name only when it is whole and its checksum is right.
 */
final class Download {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/(\\*|[0-9]{1,18})");

  private final Web web;
  private final Retries retries;
  private final PrintWriter notices;
  private final RemoteFile remote;
  private final Access access;
  private final Path target;
  private final Path part;

  /** Version of the file that the part is of, as the server names it; only without a checksum. */
  private final Path partVersion;

  Download(
      Web web,
      Retries retries,
      PrintWriter notices,
      RemoteFile remote,
      Access access,
      Path target) {
    this.web = web;
    this.retries = retries;
    this.notices = notices;
    this.remote = remote;
    this.access = access;
    this.target = target;
    part = target.resolveSibling(target.getFileName() + ".part");
    partVersion = target.resolveSibling(target.getFileName() + ".part.version");
  }

  /**
   * Does it.
   *
   * @throws FetchException if it cannot be had
   */
  void run() {
    onDisk(() -> Files.createDirectories(target.getParent()));
    retries.call(
        remote.path(),
        () -> {
          attempt();
          return null;
        },
        this::partBytes);
  }

  private void attempt() throws IOException {
    long have = usablePart();
    Long size = remote.file().sizeBytes();
    boolean whole = size != null && have == size && Files.exists(part);
    if (!whole) {
      receive(have);
    }
    finish(have);
  }

  /** Bytes of the part that can be built upon; what cannot be is dropped. */
  private long usablePart() {
    long have = partBytes();
    Long size = remote.file().sizeBytes();
    boolean tooLong = size != null && have > size;
    boolean ofUnknownVersion = remote.file().checksum() == null && !Files.exists(partVersion);
    if (have > 0 && (tooLong || ofUnknownVersion)) {
      dropPart();
      return 0;
    }
    return have;
  }

  private long partBytes() {
    return part.toFile().length();
  }

  private void dropPart() {
    onDisk(
        () -> {
          Files.deleteIfExists(part);
          return Files.deleteIfExists(partVersion);
        });
  }

  private void receive(long have) throws IOException {
    try (Web.Reply reply = web.get(remote.uri(), access, range(have))) {
      if (reply.isBeyondEnd()) {
        dropPart();
        throw new TransientException("the server has no byte %d; starting anew".formatted(have));
      }
      long from = reply.isPartial() ? have : 0;
      Long total = total(reply, from);
      rememberVersion(reply);
      append(reply, from, total);
      if (total != null && partBytes() != total) {
        throw new TransientException(
            "the server stopped after %d of %d bytes".formatted(partBytes(), total));
      }
    }
  }

  private Map<String, String> range(long have) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (have > 0) {
      headers.put("Range", "bytes=%d-".formatted(have));
      if (Files.exists(partVersion)) {
        headers.put("If-Range", Files.readString(partVersion));
      }
    }
    return headers;
  }

  /** Size of the whole file as announced, which must be what the source says; null if unknown. */
  private Long total(Web.Reply reply, long from) throws IOException {
    Long announced = reply.lengthBytes() == null ? null : Long.valueOf(from + reply.lengthBytes());
    if (reply.isPartial()) {
      String header = String.valueOf(reply.header("Content-Range"));
      Matcher range = CONTENT_RANGE.matcher(header);
      if (!range.matches() || Long.parseLong(range.group(1)) != from) {
        dropPart();
        throw new TransientException(
            "the server sent another range than that from %d: %s".formatted(from, header));
      }
      announced = range.group(2).equals("*") ? announced : Long.valueOf(range.group(2));
    }
    Long size = remote.file().sizeBytes();
    if (size != null && announced != null && !size.equals(announced)) {
      throw new TransientException(
          "the server announces %d bytes, but the file has %d".formatted(announced, size));
    }
    return size != null ? size : announced;
  }

  private void rememberVersion(Web.Reply reply) {
    String version = reply.header("ETag");
    boolean strong = version != null && !version.startsWith("W/");
    if (remote.file().checksum() == null && strong) {
      onDisk(() -> Files.writeString(partVersion, version));
    }
  }

  private void append(Web.Reply reply, long from, Long total) throws IOException {
    Progress progress = new Progress(notices, System::nanoTime, remote.path(), total, from);
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = from;
    try (OutputStream out = onDisk(() -> openPart(from))) {
      for (int n = reply.read(buffer); n >= 0; n = reply.read(buffer)) {
        bytes += n;
        if (total != null && bytes > total) {
          throw new TransientException("the server sent more than %d bytes".formatted(total));
        }
        int count = n;
        onDisk(
            () -> {
              out.write(buffer, 0, count);
              return null;
            });
        progress.add(n);
      }
    }
  }

  private OutputStream openPart(long from) throws IOException {
    return from > 0
        ? Files.newOutputStream(part, StandardOpenOption.APPEND)
        : Files.newOutputStream(part);
  }

  private void finish(long resumedAt) throws IOException {
    Checksum expected = remote.file().checksum();
    if (expected != null) {
      Checksum actual = expected.of(part);
      if (!actual.equals(expected)) {
        dropPart();
        String wrong = "has %s, should have %s; removed".formatted(actual, expected);
        if (resumedAt > 0) {
          // What an earlier try left may be of another version of the file.
          throw new TransientException(wrong);
        }
        throw new FetchException("%s: %s".formatted(remote.path(), wrong));
      }
    }
    onDisk(
        () -> {
          Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
          return Files.deleteIfExists(partVersion);
        });
  }

  /** Trouble with the disk is not trouble with the network: trying again does not help. */
  private <T> T onDisk(Retries.Attempt<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new FetchException(
          "%s: cannot be written: %s. What came is kept: make room and run this again."
              .formatted(target, e.getMessage()),
          e);
    }
  }
}
