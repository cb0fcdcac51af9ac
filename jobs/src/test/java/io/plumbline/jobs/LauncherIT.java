package io.plumbline.jobs;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a user meets it: a script, an environment, an exit code. */
@DisabledOnOs(OS.WINDOWS)
class LauncherIT {
  private static final Path HOME = Path.of(System.getProperty("plumbline.home")).toAbsolutePath();
  private static final Path JAR = HOME.resolve("jobs/target/plumbline-jobs.jar");
  private static final String SYSTEM_PATH = "/usr/bin:/bin";

  @TempDir Path temp;

  /** What a test changes in the environment; an empty value takes the variable out. */
  private final Map<String, String> environment = new TreeMap<>();

  private record Outcome(int exitCode, String out, String err) {}

  @BeforeEach
  void startFromAKnownEnvironment() {
    environment.put("PLUMBLINE_NO_BUILD", "1");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    for (String variable :
        List.of("SPARK_HOME", "SPARK_MASTER", "PLUMBLINE_MASTER", "PLUMBLINE_HEAP")) {
      environment.put(variable, "");
    }
  }

  @Test
  void helpWorksThroughALinkInAFolderWithSpaces() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("my own bin"));
    Files.createSymbolicLink(folder.resolve("real link"), HOME.resolve("plumbline"));
    Path link = Files.createSymbolicLink(folder.resolve("plumb line"), Path.of("real link"));

    Outcome outcome = run(link, "help");

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("sweep", "measure", "ingest", "compare", "report", "sql");
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
  void aFailedBuildShowsItsMessages() throws Exception {
    Path home = Files.createDirectories(temp.resolve("home"));
    Files.copy(HOME.resolve("plumbline"), home.resolve("plumbline"));
    Path bin =
        script(
                "mvn",
                "[ \"$1\" != -v ] || { echo 'Apache Maven 4.0.0'; exit; }",
                "echo '[ERROR] cannot find symbol'; exit 1")
            .getParent();
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
    Path sparkHome = sparkHomeOf(sparkJars());
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
    Path sparkHome = sparkHomeOf(sparkJars());
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
            "SELECT 40 + 2 AS answer");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("answer", "42");
  }

  private static List<Path> sparkJars() throws IOException {
    String classpath = Files.readString(HOME.resolve("jobs/target/classpath.txt")).strip();
    List<Path> jars = new ArrayList<>();
    for (String jar : classpath.split(":", -1)) {
      jars.add(Path.of(jar));
    }
    return jars;
  }

  /** A Spark installation as a user has it, made of links to the jars that Maven holds. */
  private Path sparkHomeOf(List<Path> jars) throws IOException {
    Path sparkHome = temp.resolve("my spark");
    Files.createDirectories(sparkHome.resolve("jars"));
    for (Path jar : jars) {
      Files.createSymbolicLink(sparkHome.resolve("jars").resolve(jar.getFileName()), jar);
    }
    String flags =
        "-Xmx1g --add-opens=java.base/java.lang=ALL-UNNAMED"
            + " --add-opens=java.base/java.lang.invoke=ALL-UNNAMED"
            + " --add-opens=java.base/java.nio=ALL-UNNAMED"
            + " --add-opens=java.base/java.util=ALL-UNNAMED"
            + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED"
            + " \"-Dlog4j2.configurationFile=%s\""
                .formatted(HOME.resolve("conf/spark/log4j2.properties"));
    executable(
        sparkHome.resolve("bin/spark-submit"),
        "export SPARK_LOCAL_IP=127.0.0.1",
        "exec \"%s/bin/java\" %s -cp \"$SPARK_HOME/jars/*\" org.apache.spark.deploy.SparkSubmit \"$@\""
            .formatted(System.getProperty("java.home"), flags));
    return sparkHome;
  }

  /** A stand-in for a program, in a folder to put on PATH. */
  private Path script(String name, String... lines) throws IOException {
    return executable(temp.resolve("bin").resolve(name), lines);
  }

  private static Path executable(Path file, String... lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /** Runs a program in a directory that has nothing to do with the repository. */
  private Outcome run(Path program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path elsewhere = Files.createDirectories(temp.resolve("else where"));
    Path out = temp.resolve("out.txt");
    Path err = temp.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(elsewhere.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(5, MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("%s did not end in 5 minutes".formatted(command));
    }
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
