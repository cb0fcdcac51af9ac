package io.plumbline.jobs.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.files.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessRunTest {
  private static final Limits LIMITS = new Limits(30, null);

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();

  @BeforeEach
  void needsAShell() {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no /bin/sh");
  }

  @Test
  void whatAProgramSaysIsHandedOnAndItsEndKept() {
    Ended ended = run(LIMITS, "echo one; echo $PL_WORD; pwd; echo oh no >&2; exit 3");
    assertThat(lines.subList(0, 2)).containsExactly("one", "two");
    assertThat(lines.get(2)).endsWith(folder.getFileName().toString());
    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.clean()).isFalse();
    assertThat(ended.message()).isEqualTo("exit status 3: oh no");
  }

  @Test
  void whatTakesTooLongIsKilledWithItsChildren() throws Exception {
    Ended ended =
        run(new Limits(0.5, null), "sleep 50 & echo $!; trap '' TERM; echo $$; sleep 50; sleep 50");
    assertThat(ended.killed()).isEqualTo("it took longer than 0.5 s");
    assertThat(ended.wallSeconds()).isLessThan(20);
    for (String pid : lines) {
      assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void whatTakesTooMuchMemoryIsKilled() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "skipped: no /proc");
    Ended ended =
        run(new Limits(30, 40L), "x=$(head -c 100000000 /dev/zero | tr '\\0' x); sleep 20");
    assertThat(ended.killed()).contains("MiB of memory, more than 40");
    assertThat(ended.peakMemoryMib()).isGreaterThan(40);
  }

  @Test
  void whatNobodyWaitsForIsKilled() {
    Ended ended =
        new ProcessRun(List.of("/bin/sh", "-c", "sleep 50"), folder, Map.of(), LIMITS)
            .run(folder.resolve("err"), lines::add, () -> true);
    assertThat(ended.killed()).isEqualTo("nobody waits for it any more");
  }

  @Test
  void aReaderThatThrowsLeavesNoProcess() {
    assertThatThrownBy(
            () ->
                new ProcessRun(
                        List.of("/bin/sh", "-c", "echo $$; sleep 50"), folder, Map.of(), LIMITS)
                    .run(
                        folder.resolve("err"),
                        line -> {
                          lines.add(line);
                          throw new IllegalStateException("broken line");
                        },
                        () -> false))
        .hasMessage("broken line");
    assertThat(ProcessHandle.of(Long.parseLong(lines.get(0))).filter(ProcessHandle::isAlive))
        .isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsBadInput() {
    assertThatThrownBy(
            () ->
                new ProcessRun(List.of("/no/such/program"), folder, Map.of(), LIMITS)
                    .run(folder.resolve("err"), lines::add, () -> false))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("cannot start /no/such/program: ")
        .hasMessageEndingWith("Maybe it is not built, or not executable.");
  }

  private Ended run(Limits limits, String script) {
    return new ProcessRun(
            List.of("/bin/sh", "-c", script), folder, Map.of("PL_WORD", "two"), limits)
        .run(folder.resolve("err"), lines::add, () -> false);
  }
}
