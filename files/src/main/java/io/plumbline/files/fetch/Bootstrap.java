package io.plumbline.files.fetch;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.fetch.FetchOptions.Action;
import io.plumbline.files.fetch.FetchOptions.Check;
import io.plumbline.files.fetch.FetchOptions.Effect;
import io.plumbline.files.workload.PathResolver;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a reference's files visible as {@code source-data} in its folder: links them where they are
 * on this machine, downloads them if that is asked for, and else says which are missing and what
 * brings them. Doing it again changes nothing.
 */
public final class Bootstrap {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** How it ended for one reference. */
  public enum Outcome {
    /** All that was asked for is there, or the link is gone if that was asked for. */
    DONE,
    /** Something is missing, and the messages say what. */
    MISSING
  }

  private final FetchEnvironment environment;
  private final FetchOptions options;
  private final PrintWriter out;
  private final PrintWriter notices;
  private final Hubs hubs;
  private final FolderDownload downloads;

  /**
   * @param out what is there
   * @param notices progress, and what is missing
   */
  public Bootstrap(
      FetchEnvironment environment, FetchOptions options, PrintWriter out, PrintWriter notices) {
    this(
        environment,
        options,
        out,
        notices,
        new Web(TIMEOUT),
        time -> Thread.sleep(time.toMillis()));
  }

  Bootstrap(
      FetchEnvironment environment,
      FetchOptions options,
      PrintWriter out,
      PrintWriter notices,
      Web web,
      Retries.Pause pause) {
    this.environment = environment;
    this.options = options;
    this.out = out;
    this.notices = notices;
    Retries retries = new Retries(pause, notices);
    hubs = new Hubs(environment, web, retries);
    downloads = new FolderDownload(web, retries, notices);
  }

  /**
   * Does it for one reference.
   *
   * @throws BadInputException if what is asked for makes no sense
   */
  public Outcome run(ReferenceFolder folder) {
    Reference reference = folder.reference();
    try {
      return options.action() == Action.CLEAN
          ? clean(folder)
          : provide(folder, new Wanted(reference, options.only(), options.without()));
    } catch (FetchException e) {
      notices.printf("%s: %s%n", reference.name(), e.getMessage());
      return Outcome.MISSING;
    }
  }

  private Outcome clean(ReferenceFolder folder) {
    SourceLink link = folder.link();
    String name = folder.reference().name();
    if (link.isLink()) {
      if (options.effect() == Effect.REAL) {
        link.remove();
      }
      out.printf("%s: %s the link %s%n", name, dry("would remove", "removed"), link.path());
    } else if (link.isOccupied()) {
      out.printf("%s: %s is not a link; left alone%n", name, link.path());
    } else {
      out.printf("%s: no link to remove%n", name);
    }
    return Outcome.DONE;
  }

  private Outcome provide(ReferenceFolder folder, Wanted wanted) {
    SourceLink link = folder.link();
    List<Path> places = new ArrayList<>();
    if (link.folder() != null) {
      places.add(link.folder());
    }
    places.addAll(places(folder.reference()));
    Path partial = null;
    List<String> problems = List.of();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        List<String> found = problems(folder.reference(), wanted, place);
        if (found.isEmpty()) {
          show(folder, place);
          return Outcome.DONE;
        }
        if (partial == null) {
          partial = place;
          problems = found;
        }
      }
    }
    if (options.action() == Action.DOWNLOAD) {
      return download(folder, wanted);
    }
    warn(folder, wanted, partial, problems);
    return Outcome.MISSING;
  }

  /** Where a reference may be, in the order of looking. */
  private List<Path> places(Reference reference) {
    Path own = environment.root(reference.kind());
    Path external = environment.externalRoot();
    List<Path> roots = new ArrayList<>();
    if (own != null) {
      roots.add(own);
    }
    if (external != null) {
      roots.add(external.resolve(reference.kind().plural()));
      roots.add(external);
    }
    return roots.stream().flatMap(root -> reference.folders().stream().map(root::resolve)).toList();
  }

  private List<String> problems(Reference reference, Wanted wanted, Path place) {
    List<KnownFile> declared = reference.knownFiles();
    if (options.check() == Check.CHECKSUM
        && declared.isEmpty()
        && FolderRecord.in(place).isEmpty()) {
      declared = list(reference).files().stream().map(RemoteFile::file).toList();
    }
    FolderCheck check = new FolderCheck(wanted, place, declared);
    List<String> problems = check.problems(options.check());
    if (options.check() == Check.CHECKSUM
        && problems.isEmpty()
        && !check.unverifiable().isEmpty()) {
      notices.printf(
          "%s: no checksum is known of %s%n",
          reference.name(), String.join(", ", check.unverifiable()));
    }
    return problems;
  }

  private void show(ReferenceFolder folder, Path place) {
    SourceLink link = folder.link();
    String name = folder.reference().name();
    boolean shown = link.folder() != null && link.folder().equals(real(place));
    if (!shown && options.effect() == Effect.REAL) {
      link.pointTo(place);
    }
    String verb = shown ? "present" : dry("would link", "linked");
    out.printf("%s: %s, %s -> %s%n", name, verb, link.path(), place);
  }

  private static Path real(Path place) {
    return new SourceLink(place).folder();
  }

  private String dry(String would, String did) {
    return options.effect() == Effect.DRY_RUN ? would : did;
  }

  private Outcome download(ReferenceFolder folder, Wanted wanted) {
    Reference reference = folder.reference();
    List<Path> places = places(reference);
    if (places.isEmpty()) {
      throw new BadInputException(
          "--download needs a folder to download to. Maybe: " + command(folder));
    }
    Path target = places.get(0);
    folder.link().requireFree();
    SourceSpec source = source(reference);
    if (options.effect() == Effect.DRY_RUN) {
      out.printf(
          "%s: would download from %s to %s:%n", reference.name(), source.describe(), target);
      wanted.entries().forEach(entry -> out.printf("  %s%n", entry.pattern()));
      return Outcome.MISSING;
    }
    downloads.run(source, listForDownload(folder), wanted, target, options.check());
    List<String> problems = problems(reference, wanted, target);
    if (!problems.isEmpty()) {
      warn(folder, wanted, target, problems);
      return Outcome.MISSING;
    }
    show(folder, target);
    return Outcome.DONE;
  }

  /** A hub that cannot be reached, or wants a token, is often not the only one. */
  private Listing listForDownload(ReferenceFolder folder) {
    Reference reference = folder.reference();
    try {
      return list(reference);
    } catch (FetchException e) {
      StringBuilder message = new StringBuilder(e.getMessage());
      String asked = Names.kind(source(reference).getClass());
      for (String other : reference.sourceKinds()) {
        if (!other.equals(asked)) {
          message.append("%n  Maybe from elsewhere: %s".formatted(command(folder, other)));
        }
      }
      throw new FetchException(message.toString(), e);
    }
  }

  private Listing list(Reference reference) {
    return source(reference).list(hubs, reference.kind());
  }

  private SourceSpec source(Reference reference) {
    if (options.from() == null) {
      return reference.sources().get(0);
    }
    return reference.sources().stream()
        .filter(source -> Names.kind(source.getClass()).equals(options.from()))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "--from (%s) is no source of %s. Known: %s"
                        .formatted(
                            options.from(),
                            reference.name(),
                            String.join(", ", reference.sourceKinds()))));
  }

  private void warn(ReferenceFolder folder, Wanted wanted, Path partial, List<String> problems) {
    Reference reference = folder.reference();
    if (partial != null) {
      notices.printf("%s: incomplete in %s, missing or wrong:%n", reference.name(), partial);
      problems.forEach(problem -> notices.printf("  %s%n", problem));
    } else {
      notices.printf("%s: not found. Missing:%n", reference.name());
      wanted.entries().forEach(entry -> notices.printf("  %s%n", entry.pattern()));
    }
    List<Path> places = places(reference);
    if (places.isEmpty()) {
      notices.printf(
          "  %s and %s are not set.%n",
          reference.kind().rootVariable(), PathResolver.EXTERNAL_REF_ROOT);
    } else if (partial == null) {
      notices.printf(
          "  Looked for: %s%n", String.join(", ", places.stream().map(Path::toString).toList()));
    }
    notices.printf("  Maybe download it: %s%n", command(folder));
  }

  /** What brings the files, to be typed as it is where the user is. */
  private String command(ReferenceFolder folder) {
    return command(folder, options.from());
  }

  private String command(ReferenceFolder folder, String from) {
    String root =
        places(folder.reference()).isEmpty()
            ? folder.reference().kind().rootVariable() + "=DIR "
            : "";
    List<String> words = new ArrayList<>();
    words.add(folder.folder().resolve("bootstrap.sh").toString());
    words.add("--download");
    if (options.check() == Check.CHECKSUM) {
      words.add("--verify");
    }
    if (from != null) {
      words.addAll(List.of("--from", from));
    }
    options.only().forEach(pattern -> words.addAll(List.of("--include", pattern)));
    options.without().forEach(pattern -> words.addAll(List.of("--exclude", pattern)));
    return root + String.join(" ", words.stream().map(Bootstrap::quoted).toList());
  }

  private static String quoted(String word) {
    boolean plain = word.matches("[A-Za-z0-9._/:@%+=,-]+");
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
