package io.plumbline.jobs;

import io.plumbline.files.fetch.Bootstrap;
import io.plumbline.files.fetch.Bootstrap.Outcome;
import io.plumbline.files.fetch.FetchEnvironment;
import io.plumbline.files.fetch.FetchOptions;
import io.plumbline.files.fetch.FetchOptions.Action;
import io.plumbline.files.fetch.FetchOptions.Check;
import io.plumbline.files.fetch.FetchOptions.Effect;
import io.plumbline.files.fetch.ReferenceFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Links or downloads models and data sets; uses no Spark. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes models and data sets that stay outside the repository visible in it, as a link"
          + " source-data beside their reference.yaml. Looks below GSIM_MODELS_ROOT or"
          + " GSIM_DATASETS_ROOT, then below EXTERNAL_REF_ROOT; names what is missing, with the"
          + " command that brings it. Doing it again changes nothing.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is there",
      "1:something is missing, or a download failed",
      "2:a file or an option is wrong"
    },
    footer = {
      "",
      "Environment:",
      "  GSIM_MODELS_ROOT, GSIM_DATASETS_ROOT: your folders of models and of data",
      "    sets; downloads go there",
      "  EXTERNAL_REF_ROOT: a folder with both, in models/ and datasets/",
      "  HF_TOKEN, MODELSCOPE_API_TOKEN: for models behind a licence",
      "  HF_ENDPOINT, MODELSCOPE_ENDPOINT: for a mirror",
      "  JAVA_TOOL_OPTIONS=\"-Dhttps.proxyHost=H -Dhttps.proxyPort=P\": for a proxy",
      "",
      "Examples:",
      "  fetch models",
      "  fetch models/qwen3-0.6b --download --include '*.json'"
    })
public final class FetchJob implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "FOLDER",
      description = "One with a reference.yaml, or one of such folders: models, datasets.")
  private List<Path> folders;

  @ArgGroup(exclusive = true)
  private Instead instead;

  @Option(names = "--verify", description = "Compare checksums as well: reads every byte.")
  private boolean verify;

  @Option(names = "--dry-run", description = "Change nothing; say what would be done.")
  private boolean dryRun;

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description = "Only files that fit: *.json, **/*.parquet. May be given again.")
  private List<String> include = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "No files that fit. May be given again.")
  private List<String> exclude = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "SOURCE",
      description =
          "Download from this source of the reference: hugging_face, model_scope or urls. Default:"
              + " its first.")
  private String from;

  @Spec private CommandSpec spec;

  static final class Instead {
    @Option(
        names = "--download",
        description = "Download what is missing. Goes on where an earlier call was stopped.")
    private boolean download;

    @Option(names = "--clean", description = "Remove the links, never what they lead to.")
    private boolean clean;

    private Action action() {
      return clean ? Action.CLEAN : download ? Action.DOWNLOAD : Action.LINK;
    }
  }

  /** Runs the job alone. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new FetchJob(), args);
  }

  @Override
  public Integer call() {
    List<ReferenceFolder> references =
        folders.stream().flatMap(folder -> ReferenceFolder.find(folder).stream()).toList();
    Bootstrap bootstrap =
        new Bootstrap(
            FetchEnvironment.of(System.getenv()),
            options(),
            spec.commandLine().getOut(),
            spec.commandLine().getErr());
    int exitCode = JobCommand.DONE;
    for (ReferenceFolder reference : references) {
      if (bootstrap.run(reference) == Outcome.MISSING) {
        exitCode = JobCommand.CHECK_FAILED;
      }
    }
    return exitCode;
  }

  private FetchOptions options() {
    return new FetchOptions(
        instead == null ? Action.LINK : instead.action(),
        verify ? Check.CHECKSUM : Check.SIZE,
        dryRun ? Effect.DRY_RUN : Effect.REAL,
        List.copyOf(include),
        List.copyOf(exclude),
        from);
  }
}
