package io.plumbline.jobs;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs programs as a user does: from another folder, with an environment that a test knows. */
final class UserShell implements AutoCloseable {
  static final Path HOME = Path.of(System.getProperty("plumbline.home")).toAbsolutePath();
  static final Path JAR = HOME.resolve("jobs/target/plumbline-jobs.jar");

  /** What a program left behind. */
  record Outcome(int exitCode, String out, String err) {}

  private final Path temp;

  /** What a test changes in the environment; an empty value takes the variable out. */
  final Map<String, String> environment = new TreeMap<>();

  /** A shell that puts its files into a folder of the test. */
  UserShell(Path temp) {
    this.temp = temp;
    environment.put("PLUMBLINE_NO_BUILD", "1");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    for (String variable :
        List.of("SPARK_HOME", "SPARK_MASTER", "PLUMBLINE_MASTER", "PLUMBLINE_HEAP")) {
      environment.put(variable, "");
    }
  }

  static List<Path> sparkJars() throws IOException {
    String classpath = Files.readString(HOME.resolve("jobs/target/classpath.txt")).strip();
    List<Path> jars = new ArrayList<>();
    for (String jar : classpath.split(":", -1)) {
      jars.add(Path.of(jar));
    }
    return jars;
  }

  /** A Spark installation as a user has it, made of links to the jars that Maven holds. */
  Path sparkHomeOf(List<Path> jars) throws IOException {
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
        // What the real one's load-spark-env.sh sets; executors are started with it.
        "export SPARK_SCALA_VERSION=2.13",
        "exec \"%s/bin/java\" %s -cp \"$SPARK_HOME/jars/*\" org.apache.spark.deploy.SparkSubmit \"$@\""
            .formatted(System.getProperty("java.home"), flags));
    return sparkHome;
  }

  /** A stand-in for a program, in a folder to put on PATH. */
  Path script(String name, String... lines) throws IOException {
    return executable(temp.resolve("bin").resolve(name), lines);
  }

  private static Path executable(Path file, String... lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /** Runs a program in a directory that has nothing to do with the repository. */
  Outcome run(Path program, String... arguments) throws Exception {
    Process process = start(program, arguments);
    if (!process.waitFor(5, MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("%s did not end in 5 minutes".formatted(program));
    }
    return new Outcome(
        process.exitValue(), Files.readString(standardOut()), Files.readString(standardErr()));
  }

  /** The same without waiting for its end. */
  Process start(Path program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Path elsewhere = Files.createDirectories(temp.resolve("else where"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(elsewhere.toFile())
            .redirectOutput(standardOut().toFile())
            .redirectError(standardErr().toFile());
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
    return process;
  }

  private Path standardOut() {
    return temp.resolve("out.txt");
  }

  private Path standardErr() {
    return temp.resolve("err.txt");
  }

  /** Takes the links to jars away, about which JUnit would warn one by one. */
  @Override
  public void close() throws IOException {
    Path jars = temp.resolve("my spark/jars");
    if (Files.isDirectory(jars)) {
      try (DirectoryStream<Path> links = Files.newDirectoryStream(jars)) {
        for (Path link : links) {
          Files.delete(link);
        }
      }
    }
  }
}
