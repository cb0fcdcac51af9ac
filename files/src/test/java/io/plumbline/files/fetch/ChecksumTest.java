package io.plumbline.files.fetch;

import static io.plumbline.files.Fixtures.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChecksumTest {
  @TempDir Path folder;

  /** Expected: {@code echo hello | sha256sum}, {@code echo hello | git hash-object --stdin}. */
  @Test
  void bothKindsAreThoseOfTheUsualTools() {
    Path hello = file(folder, "hello.txt", "hello");
    Checksum sha256 =
        Checksum.sha256("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
    Checksum gitBlob = Checksum.gitBlob("ce013625030ba8dba906f756967f9e9ca394464a");

    assertThat(sha256.of(hello)).isEqualTo(sha256);
    assertThat(gitBlob.of(hello)).isEqualTo(gitBlob);
    assertThat(gitBlob).hasToString("git_blob ce013625030ba8dba906f756967f9e9ca394464a");
  }

  @Test
  void whatIsNoHashIsRefused() {
    assertThatThrownBy(() -> Checksum.sha256("ABC"))
        .hasMessage("hex (ABC) must be 64 lower-case hex digits");
  }
}
