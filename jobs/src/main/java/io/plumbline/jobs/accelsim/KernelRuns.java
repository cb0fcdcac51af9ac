package io.plumbline.jobs.accelsim;

import io.plumbline.files.BadInputException;
import io.plumbline.files.accelsim.GpuConfiguration;
import io.plumbline.files.accelsim.KernelList;
import io.plumbline.files.conf.ConfNode;
import io.plumbline.files.conf.Problems;
import io.plumbline.files.conf.RecordBinder;
import io.plumbline.files.workload.PathResolver;
import io.plumbline.trace.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a file of runs. What can be wrong with any of them is found before the first one starts.
 */
public final class KernelRuns {
  private static final String LIST = "kernelslist.g";
  private static final Pattern OPTION = Pattern.compile("[A-Za-z][A-Za-z0-9_:.]*");
  private static final Pattern APPLICATION = Pattern.compile(".*?([^/]+/[^/]+)/traces/[^/]+");

  /** Part of every id: raise it when the same inputs begin to give other rows. */
  private static final String VERSION = "1";

  private final KernelRunFile file;
  private final PathResolver paths;
  private final Problems problems;
  private final Map<Path, String> hashes = new TreeMap<>();

  private KernelRuns(KernelRunFile file, PathResolver paths, Problems problems) {
    this.file = file;
    this.paths = paths;
    this.problems = problems;
  }

  /**
   * Runs that can be started.
   *
   * @throws BadInputException listing every problem with its place
   */
  static List<KernelRun> read(Path conf, PathResolver paths) {
    Problems problems = new Problems();
    KernelRunFile file = RecordBinder.bind(ConfNode.read(conf), KernelRunFile.class, problems);
    problems.throwIfAny(conf.toString());
    List<KernelRun> runs = new KernelRuns(file, paths, problems).runs();
    problems.throwIfAny(conf.toString());
    return runs;
  }

  private List<KernelRun> runs() {
    List<KernelRun> runs = new ArrayList<>();
    List<Path> configurations = file.configurations().stream().map(this::configuration).toList();
    List<Map<String, String>> overrides = file.overrides().stream().map(this::options).toList();
    for (KernelEngine engine : file.engine()) {
      Path program = engine == KernelEngine.ACCEL_SIM ? program() : null;
      for (String list : file.traces()) {
        List<Path> traces = KernelList.read(list(list));
        for (int i = 0; i < traces.size(); i++) {
          Path trace = readable(traces.get(i), engine);
          for (Path configuration : configurations) {
            for (Map<String, String> options : overrides) {
              runs.add(run(engine, program, trace, i + 1, configuration, options));
            }
          }
        }
      }
    }
    return runs;
  }

  private KernelRun run(
      KernelEngine engine,
      Path program,
      Path trace,
      int position,
      Path configuration,
      Map<String, String> options) {
    String device = file.device().kind() == ConfNode.Kind.NULL ? null : file.device().text();
    Sha256 hash =
        new Sha256()
            .putText(VERSION)
            .putText(engine.tool())
            .putText(program == null ? "" : hash(program))
            .putText(hash(trace))
            .putText(application(trace))
            .putLong(position)
            .putText(String.valueOf(configuration.getFileName()))
            .putText(hash(configuration.resolve("gpgpusim.config")))
            .putText(hash(configuration.resolve("trace.config")))
            .putText(options.toString())
            .putText(String.valueOf(device));
    return new KernelRun(
        "s" + hash.shortHex(),
        file.name(),
        engine,
        program == null ? null : program.toString(),
        trace.toString(),
        application(trace),
        position,
        configuration.toString(),
        options,
        device,
        file.limits(),
        size(trace));
  }

  private Path program() {
    Path found = paths.find(file.program());
    if (found == null || !Files.isExecutable(found)) {
      throw new BadInputException(
          "no executable %s: Accel-Sim is not built. Maybe run extern/accel-sim/bootstrap.sh, or give program, or only engine: trace_sm."
              .formatted(file.program()));
    }
    return found.toAbsolutePath();
  }

  private Path list(String name) {
    Path found = paths.resolve(name);
    return Files.isDirectory(found) ? found.resolve(LIST) : found;
  }

  private Path configuration(String name) {
    Path folder = paths.resolve(name).toAbsolutePath();
    for (String part : List.of("gpgpusim.config", "trace.config")) {
      if (!Files.exists(folder.resolve(part))) {
        throw new BadInputException("no such file: %s".formatted(folder.resolve(part)));
      }
    }
    if (file.engine().contains(KernelEngine.TRACE_SM)) {
      GpuConfiguration.read(folder);
    }
    return folder;
  }

  private Map<String, String> options(ConfNode variant) {
    Map<String, String> options = new TreeMap<>();
    if (variant.kind() != ConfNode.Kind.MAPPING) {
      problems.add(variant, "must be a mapping of options, {} for none");
      return options;
    }
    variant
        .entries()
        .forEach(
            (name, value) -> {
              if (!OPTION.matcher(name).matches() || value.kind() != ConfNode.Kind.SCALAR) {
                problems.add(
                    value, "must be the value of an option that is named without its dash");
              } else {
                options.put(name, value.text());
              }
            });
    return options;
  }

  private static Path readable(Path trace, KernelEngine engine) {
    if (!Files.isRegularFile(trace)) {
      throw new BadInputException(
          "no such trace: %s. Accel-Sim itself would end with status 0 there.".formatted(trace));
    }
    String name = trace.getFileName().toString();
    if (engine == KernelEngine.ACCEL_SIM && !name.matches("kernel.*\\.traceg(\\.xz)?")) {
      throw new BadInputException(
          "%s: Accel-Sim reads kernel….traceg and kernel….traceg.xz only. Maybe repack it with xz."
              .formatted(trace));
    }
    return trace.toAbsolutePath().normalize();
  }

  private static String application(Path trace) {
    Matcher path = APPLICATION.matcher(trace.toString());
    return path.matches() ? path.group(1) : String.valueOf(trace.getParent().getFileName());
  }

  private String hash(Path content) {
    return hashes.computeIfAbsent(
        content,
        path -> {
          try {
            return new Sha256().putBytes(Files.readAllBytes(path)).shortHex();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
