package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the bootstraps of the originals do without a network, on copies of them. Their repositories
 * are replaced by ones of this machine, or by nothing.
 */
@Timeout(120)
class BootstrapTest {
  private static final Path EXTERN = Path.of("../extern").toAbsolutePath().normalize();

  @TempDir Path folder;

  private record Result(int status, String out) {}

  @BeforeEach
  void needsGit() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no /bin/sh");
    assumeTrue(run(folder, List.of("sh", "-c", "command -v git")).status() == 0, "skipped: no git");
  }

  @ParameterizedTest
  @ValueSource(strings = {"vidur", "llmcompass", "reallm", "blis", "accel-sim"})
  void argumentsAreUnderstoodAndNothingIsMade(String name) throws Exception {
    Path script = copy(name);
    Result help = run(folder, List.of(script.toString(), "--help"));
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("licence: ", "EXTERNAL_REF_ROOT", "--check");
    Result check = run(folder, List.of(script.toString(), "--check"));
    assertThat(check.status()).isEqualTo(1);
    assertThat(check.out()).contains("no checkout of ").contains("originals/" + name);
    Result wrong = run(folder, List.of(script.toString(), "--force"));
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.out()).contains("unknown option --force Maybe --help");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vidur", "llmcompass", "reallm"})
  void withoutANetworkItSaysHowToGoOn(String name) throws Exception {
    Path script = copy(name);
    replace(script, "url=.*", "url=" + folder.resolve("nowhere"));
    Result run = run(folder, List.of(script.toString()));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out())
        .contains("cannot get ")
        .contains("Maybe there is no network: clone it elsewhere, copy it to ");
    assertThat(folder.resolve("data/originals/" + name)).doesNotExist();
    assertThat(folder.resolve("data/originals/" + name + ".part")).doesNotExist();
    assertThat(script.resolveSibling("run")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vidur", "llmcompass", "reallm", "blis", "accel-sim"})
  void whatIsThereIsKept(String name) throws Exception {
    Path script = copy(name);
    Path checkout = Files.createDirectories(folder.resolve("data/originals").resolve(name));
    Result made =
        run(
            checkout,
            List.of(
                "sh",
                "-c",
                "git init -q . && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m t"
                    + " && git rev-parse HEAD"));
    replace(script, "commit=.*", "commit=" + made.out().strip().substring(0, 7));
    Result unbuilt = run(folder, List.of(script.toString(), "--check"));
    assertThat(unbuilt.status()).isEqualTo(1);
    assertThat(unbuilt.out()).contains("checked out, but not built");
    Path run = Files.writeString(script.resolveSibling("run"), "#!/bin/sh\n");
    assertThat(run.toFile().setExecutable(true)).isTrue();
    assertThat(run(folder, List.of(script.toString(), "--check")).status()).isZero();
    Result again = run(folder, List.of(script.toString()));
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("is there already: ");
    assertThat(Files.readString(run)).isEqualTo("#!/bin/sh\n");
  }

  private Path copy(String name) throws IOException {
    Files.copy(EXTERN.resolve("bootstrap-lib.sh"), folder.resolve("bootstrap-lib.sh"));
    Path script = Files.createDirectories(folder.resolve(name)).resolve("bootstrap.sh");
    Files.copy(EXTERN.resolve(name).resolve("bootstrap.sh"), script);
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private static void replace(Path script, String line, String by) throws IOException {
    Files.writeString(script, Files.readString(script).replaceFirst("(?m)^" + line + "$", by));
  }

  private Result run(Path where, List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
    builder.environment().putAll(Map.of("EXTERNAL_REF_ROOT", folder.resolve("data").toString()));
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out);
  }
}
