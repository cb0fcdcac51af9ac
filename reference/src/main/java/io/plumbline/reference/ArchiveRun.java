package io.plumbline.reference;

import io.plumbline.files.card.ModelCards;
import io.plumbline.reference.djl.DecoderArchive;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the decoder of a model as a TorchScript file. Exit codes: 0 done, 2 bad input. */
@Command(
    name = "archive-run",
    description = "Writes the decoder of a model as a TorchScript file.",
    mixinStandardHelpOptions = true)
public final class ArchiveRun implements Callable<Integer> {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE|NAME",
      description = "Model card, Hugging Face config.json, or name of a card in models/.")
  private String model;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write; an earlier one is replaced.")
  private Path out;

  /** Ends the JVM with one of the exit codes above. */
  public static void main(String[] args) {
    System.exit(ReferenceRun.execute(new ArchiveRun(), args));
  }

  @Override
  public Integer call() {
    DecoderArchive.write(out, ModelCards.load(ReferenceRun.modelsFolder(), model));
    return CommandLine.ExitCode.OK;
  }
}
