package io.plumbline.files;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;

/** Small files for tests, and the one way to assert on a complaint: all of it. */
public final class Fixtures {
  private Fixtures() {}

  public static Path file(Path folder, String name, String... lines) {
    try {
      Files.createDirectories(folder);
      String text = lines.length == 0 ? "" : String.join("\n", lines) + "\n";
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void assertBadInput(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(BadInputException.class).hasMessage(message);
  }

  public static Path home() {
    return Path.of(System.getProperty("plumbline.home"));
  }

  /** Data beside the checkout that not every machine has; the test is skipped without it. */
  public static Path shared(String path) {
    Path shared = home().resolve("..").resolve("shared").resolve(path).normalize();
    Assumptions.assumeTrue(Files.exists(shared), "skipped: there is no " + shared);
    return shared;
  }
}
