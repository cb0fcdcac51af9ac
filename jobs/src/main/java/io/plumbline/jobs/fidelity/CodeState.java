package io.plumbline.jobs.fidelity;

import io.plumbline.files.CodeVersion;
import io.plumbline.simulator.Simulator;
import io.plumbline.trace.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Which code made a matrix.
 *
 * @param commit full git commit; null if unknown
 * @param dirty whether files differ from the commit; null if unknown
 * @param codeVersion hash of the classes that determine simulated results
 */
public record CodeState(String commit, Boolean dirty, String codeVersion) {
  private static final String DIRTY = "-dirty";
  private static final long GIT_SECONDS = 20;

  /**
   * The state of a checkout, as git tells it.
   *
   * @param stated the commit as somebody states it; null to ask git
   * @param home folder of the repository; commit is null if it is none or git is missing
   */
  public static CodeState of(String stated, Path home) {
    String version = CodeVersion.of(Sha256.class, Simulator.class);
    if (stated != null) {
      return new CodeState(stated, null, version);
    }
    String described = git(home, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*");
    if (described == null) {
      return new CodeState(null, null, version);
    }
    boolean dirty = described.endsWith(DIRTY);
    String commit = dirty ? described.substring(0, described.length() - DIRTY.length()) : described;
    return new CodeState(commit, dirty, version);
  }

  private static String git(Path home, String... arguments) {
    String[] command = new String[arguments.length + 3];
    command[0] = "git";
    command[1] = "-C";
    command[2] = home.toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String out =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      boolean ended = process.waitFor(GIT_SECONDS, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 && !out.isEmpty() ? out : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
