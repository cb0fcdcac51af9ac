package io.plumbline.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.jobs.UserShell.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a user meets it: a script, an environment, an exit code. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
  private static final Path HOME = UserShell.HOME;
  private static final Path JAR = UserShell.JAR;
  private static final String SYSTEM_PATH = "/usr/bin:/bin";

  @TempDir Path temp;

  private UserShell shell;
  private Map<String, String> environment;

  @AfterEach
  void closeShell() throws IOException {
    shell.close();
  }

  @BeforeEach
  void openShell() {
    shell = new UserShell(temp);
    environment = shell.environment;
  }

  @Test
  void helpWorksThroughALinkInAFolderWithSpaces() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("my own bin"));
    Files.createSymbolicLink(folder.resolve("real link"), HOME.resolve("plumbline"));
    Path link = Files.createSymbolicLink(folder.resolve("plumb line"), Path.of("real link"));

    Outcome outcome = run(link, "help");

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains(
            "simulate",
            "sweep",
            "measure",
            "ingest",
            "compare",
            "report",
            "sql",
            "export",
            "conformance");
  }

  @Test
  void anUnknownCommandIsAUsageError() throws Exception {
    Outcome outcome = run(HOME.resolve("plumbline"), "swep");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("swep");
  }

  @Test
  void anOldJavaIsNamed() throws Exception {
    Path java = script("java", "echo 'openjdk version \"11.0.24\" 2024-07-16' >&2");
    environment.put("JAVA_HOME", "");
    environment.put("PATH", java.getParent() + ":" + SYSTEM_PATH);

    Outcome outcome = run(HOME.resolve("plumbline"), "help");

    assertThat(outcome.err())
        .isEqualTo(
            "Plumbline needs a JDK 17 or newer, found 11 (%s). Maybe install it: apt install openjdk-17-jdk, brew install openjdk@17, or set JAVA_HOME.\n"
                .formatted(java));
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  @Test
  void aJavaOfTheOldNumberingIsNamed() throws Exception {
    Path java = script("java", "echo 'java version \"1.8.0_292\"' >&2");
    environment.put("JAVA_HOME", "");
    environment.put("PATH", java.getParent() + ":" + SYSTEM_PATH);

    assertThat(run(HOME.resolve("plumbline")).err()).contains("found 8 (" + java + ")");
  }

  @Test
  void aJavaHomeWithoutJavaIsNamed() throws Exception {
    environment.put("JAVA_HOME", temp.toString());

    Outcome outcome = run(HOME.resolve("plumbline"), "help");

    assertThat(outcome.err())
        .isEqualTo(
            "JAVA_HOME (%s) has no bin/java. Maybe point it to a JDK 17 or newer, or unset it.\n"
                .formatted(temp));
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  @Test
  void argumentsAndTheExitCodePassUnchanged() throws Exception {
    Path java =
        script(
            "java",
            "if [ \"$1\" = -version ]; then echo 'openjdk version \"21\" 2023-09-19' >&2; exit; fi",
            "for argument; do printf '%s\\n' \"$argument\"; done",
            "exit 7");
    environment.put("JAVA_HOME", "");
    environment.put("PATH", java.getParent() + ":" + SYSTEM_PATH);
    environment.put("PLUMBLINE_HEAP", "-Xmx512m");
    environment.put("PLUMBLINE_MASTER", "local[3]");

    Outcome outcome = run(HOME.resolve("plumbline"), "sql", "SELECT  1 AS \"a b\"", "", "*");

    assertThat(outcome.exitCode()).isEqualTo(7);
    List<String> arguments = outcome.out().lines().toList();
    assertThat(arguments)
        .startsWith("-Xmx512m")
        .contains("-Dplumbline.home=" + HOME.toRealPath(), "-Dspark.master=local[3]")
        .endsWith("io.plumbline.jobs.Plumbline", "sql", "SELECT  1 AS \"a b\"", "", "*");
    assertThat(arguments.get(arguments.indexOf("-cp") + 1))
        .startsWith(JAR.toRealPath() + ":")
        .contains("spark-sql_2.13-")
        .doesNotContain("picocli");
  }

  @Test
  void itBuildsOnceAndAgainAfterAChange() throws Exception {
    Path home = Files.createDirectories(temp.resolve("a home"));
    Files.copy(HOME.resolve("plumbline"), home.resolve("plumbline"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Path source = Files.createDirectories(home.resolve("jobs/src/main")).resolve("A.java");
    Files.writeString(source, "class A {}");
    Files.createDirectories(home.resolve("reference/target"));
    Path bin =
        script(
                "mvn",
                "[ \"$1\" != -v ] || { echo 'Apache Maven 3.8.7'; exit; }",
                "cd '%s' && echo \"$@\" >> built".formatted(home),
                "touch jobs/target/plumbline-jobs.jar jobs/target/classpath.txt",
                "touch reference/target/classpath.txt")
            .getParent();
    script("javac", "exit 0");
    script("java", "[ \"$1\" != -version ] || echo 'openjdk version \"17.0.15\"' >&2");
    environment.put("JAVA_HOME", "");
    environment.put("PLUMBLINE_NO_BUILD", "");
    environment.put("PATH", bin + ":" + SYSTEM_PATH);

    Outcome first = run(home.resolve("plumbline"), "help");
    assertThat(first.err()).isEqualTo("Building Plumbline (once) …\n");
    assertThat(first.exitCode()).isZero();
    assertThat(run(home.resolve("plumbline"), "help").err()).isEmpty();

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run(home.resolve("plumbline"), "help").err()).startsWith("Building");
    assertThat(Files.readAllLines(home.resolve("built")))
        .hasSize(2)
        .containsOnly("-q -B -f " + home + "/pom.xml -Dquick -DskipTests package");
  }

  @Test
  void aRuntimeWithoutACompilerIsNamedBeforeItBuilds() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Files.copy(HOME.resolve("plumbline"), home.resolve("plumbline"));
    Path java = script("java", "echo 'openjdk version \"17.0.15\"' >&2");
    script("mvn", "echo 'Apache Maven 3.8.7'");
    environment.put("JAVA_HOME", java.getParent().getParent().toString());
    environment.put("PLUMBLINE_NO_BUILD", "");
    environment.put("PATH", java.getParent() + ":" + SYSTEM_PATH);

    Outcome outcome = run(home.resolve("plumbline"), "help");

    assertThat(outcome.err())
        .isEqualTo(
            "Plumbline needs a JDK to build itself, and "
                + java
                + " is a runtime without javac. Maybe install it: apt install openjdk-17-jdk, brew"
                + " install openjdk@17, or set JAVA_HOME.\n");
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  @Test
  void aFailedBuildShowsItsMessages() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Files.copy(HOME.resolve("plumbline"), home.resolve("plumbline"));
    Path bin =
        script(
                "mvn",
                "[ \"$1\" != -v ] || { echo 'Apache Maven 4.0.0'; exit; }",
                "echo '[ERROR] cannot find symbol'; exit 1")
            .getParent();
    script("javac", "exit 0");
    script("java", "echo 'openjdk version \"17.0.15\"' >&2");
    environment.put("JAVA_HOME", "");
    environment.put("PLUMBLINE_NO_BUILD", "");
    environment.put("PATH", bin + ":" + SYSTEM_PATH);

    Outcome outcome = run(home.resolve("plumbline"), "help");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("[ERROR] cannot find symbol", "could not be built");
  }

  @Test
  void aSparkHomeWithoutSparkIsNamed() throws Exception {
    environment.put("SPARK_HOME", temp.toString());

    Outcome outcome = run(HOME.resolve("plumbline"), "help");

    assertThat(outcome.err())
        .isEqualTo(
            "SPARK_HOME (%s) has no bin/spark-submit. Maybe unset it: Plumbline brings its own Spark.\n"
                .formatted(temp));
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  @Test
  void aSparkOfAnotherVersionIsNamed() throws Exception {
    Path sparkHome = sparkHomeOf(List.of());
    Files.createFile(sparkHome.resolve("jars/spark-core_2.12-3.5.1.jar"));
    environment.put("SPARK_HOME", sparkHome.toString());

    Outcome outcome = run(HOME.resolve("plumbline"), "help");

    assertThat(outcome.err()).contains("needs Spark 4", "spark-core_2.12-3.5.1.jar");
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  @Test
  void theLauncherHandsOverToSparkSubmit() throws Exception {
    Path sparkHome = sparkHomeOf(UserShell.sparkJars());
    Files.writeString(
        sparkHome.resolve("bin/spark-submit"),
        "#!/bin/sh\nfor argument; do printf '%s\\n' \"$argument\"; done\nexit 5\n");
    environment.put("SPARK_HOME", sparkHome.toString());
    environment.put("SPARK_MASTER", "local[2]");

    Outcome outcome = run(HOME.resolve("plumbline"), "sql", "SELECT 1");

    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.out().lines())
        .startsWith("--master", "local[2]", "--driver-memory", "4g", "--driver-java-options")
        .endsWith(
            "--class",
            "io.plumbline.jobs.Plumbline",
            JAR.toRealPath().toString(),
            "sql",
            "SELECT 1");
  }

  /** The jar holds all that Spark lacks and nothing that clashes with what Spark has. */
  @Test
  void theJarRunsUnderASparkOfTheUsersOwn() throws Exception {
    Path sparkHome = sparkHomeOf(UserShell.sparkJars());
    environment.put("SPARK_HOME", sparkHome.toString());
    environment.put("PLUMBLINE_HOME", HOME.toString());

    Outcome outcome =
        run(
            sparkHome.resolve("bin/spark-submit"),
            "--master",
            "local[1]",
            "--conf",
            "spark.ui.enabled=false",
            "--class",
            "io.plumbline.jobs.SqlJob",
            JAR.toString(),
            "SELECT 40 + 2 AS answer",
            "--results=" + temp.resolve("results"));

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("answer", "42");
  }

  private Path sparkHomeOf(List<Path> jars) throws IOException {
    return shell.sparkHomeOf(jars);
  }

  private Path script(String name, String... lines) throws IOException {
    return shell.script(name, lines);
  }

  private Outcome run(Path program, String... arguments) throws Exception {
    return shell.run(program, arguments);
  }
}
