package io.plumbline.jobs;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.jobs.compass.CompassFit;
import io.plumbline.jobs.compass.Hardware;
import io.plumbline.jobs.compass.OperatorAccuracy;
import io.plumbline.jobs.compass.OperatorGrid;
import io.plumbline.jobs.compass.OperatorQuery;
import io.plumbline.jobs.compass.SmOperatorText;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Predicts single operators from a hardware description. */
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Predicts single operators from a hardware description, as LLMCompass does: one with its"
          + " mapping and what bounds it, a whole grid for the tables, or all those measured for the"
          + " paper with their errors. docs/llmcompass.md says what is modelled.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "2:the operator, grid or hardware is wrong; the message says where"},
    footer = {
      "",
      "Examples:",
      "  operator matmul --m 8192 --n 8192 --k 8192 --device a100",
      "  operator softmax --m 4096 --n 4096 --device configs/GA100.json",
      "  operator matmul --m 512 --n 512 --k 512 --predictor trace-sm --gpu configs/SM7_QV100",
      "  operator --grid conf/operators/llama-2-70b-tp4.csv --device a100",
      "  operator --against measured/llmcompass",
      "  operator --tune measured/op_perf/a100_sxm --device a100"
    })
public final class OperatorJob implements Callable<Integer> {
  private static final List<String> PREDICTORS = List.of("llmcompass", "trace-sm");

  @Parameters(
      paramLabel = "OPERATOR",
      arity = "0..1",
      description = "matmul, softmax, layernorm, gelu or allreduce; 16-bit elements.")
  private String operator;

  @Option(names = "--m", paramLabel = "ROWS", description = "Rows of the left or only matrix.")
  private Long m;

  @Option(names = "--n", paramLabel = "COLUMNS", description = "Columns of the right or only one.")
  private Long n;

  @Option(names = "--k", paramLabel = "INNER", description = "Inner dimension of a product.")
  private Long k;

  @Option(names = "--batch", paramLabel = "COUNT", description = "Equal products, if several.")
  private Long batch;

  @Option(names = "--elements", paramLabel = "COUNT", description = "Elements of a gelu.")
  private Long elements;

  @Option(names = "--bytes", paramLabel = "BYTES", description = "Bytes of an allreduce.")
  private Long bytes;

  @Option(
      names = "--device",
      paramLabel = "HARDWARE",
      defaultValue = "a100",
      description =
          "A built-in description or a JSON template of LLMCompass. Default: ${DEFAULT-VALUE}.")
  private String device;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "Mappings that are tried, as LLMCompass calls them. Default: what suits.")
  private String modeWord;

  @Option(
      names = "--predictor",
      paramLabel = "KIND",
      defaultValue = "llmcompass",
      description =
          "llmcompass, or trace-sm: a generated kernel on a cycle-level model. Default:"
              + " ${DEFAULT-VALUE}.")
  private String predictor;

  @Option(
      names = "--gpu",
      paramLabel = "DIR",
      description = "For trace-sm: a folder with Accel-Sim's gpgpusim.config and trace.config.")
  private Path gpu;

  @Option(
      names = "--grid",
      paramLabel = "FILE",
      description = "A CSV file of sizes; all go to the table operator_timing.")
  private Path grid;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description = "Files measured for LLMCompass; prints the errors by operator.")
  private Path against;

  @Option(
      names = "--tune",
      paramLabel = "DIR",
      description =
          "Kernel tables of aiconfigurator; fits the predictor llmcompass_tuned to half of them,"
              + " prints its errors on the other half and what was fitted.")
  private Path measured;

  @Mixin private ResultsOption results;

  @Spec private CommandSpec spec;

  /** Runs the job alone. */
  public static void main(String[] args) {
    JobCommand.runAndExit(new OperatorJob(), args);
  }

  @Override
  public Integer call() {
    long tasks = Stream.of(operator, grid, against, measured).filter(one -> one != null).count();
    if (tasks != 1) {
      throw new BadInputException(
          "give one of: an operator, --grid, --against, --tune; found %d. Maybe: operator matmul --m 8192 --n 8192 --k 8192"
              .formatted(tasks));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (onTraceSm()) {
      OperatorQuery query = new OperatorQuery(operator, m, n, k, batch, elements, bytes);
      out.print(SmOperatorText.of(query, gpu));
    } else if (against != null) {
      out.print(OperatorAccuracy.text(against));
    } else if (measured != null) {
      CompassFit fit = CompassFit.of(measured, Hardware.find(device));
      out.print(fit.text());
      out.printf("%n%s", fit.yaml());
    } else {
      HardwareSystem system = Hardware.find(device);
      MapperMode mode = mode(system);
      if (grid == null) {
        out.print(new OperatorQuery(operator, m, n, k, batch, elements, bytes).text(system, mode));
      } else {
        OperatorGrid operators = new OperatorGrid(grid);
        String sourceId = operators.write(system, mode, results.writableDir());
        out.printf(
            "%s  %s: %d operators in operator_timing%n", sourceId, system.name(), operators.size());
      }
    }
    out.flush();
    return JobCommand.DONE;
  }

  private boolean onTraceSm() {
    if (!PREDICTORS.contains(predictor)) {
      throw new BadInputException(
          "unknown predictor %s. %s".formatted(predictor, Names.hint(predictor, PREDICTORS)));
    }
    boolean traceSm = predictor.equals("trace-sm");
    if (traceSm && operator == null) {
      throw new BadInputException("trace-sm predicts one operator. Maybe leave --grid away");
    }
    if (!traceSm && gpu != null) {
      throw new BadInputException("--gpu is for trace-sm. Maybe --predictor trace-sm");
    }
    return traceSm;
  }

  private MapperMode mode(HardwareSystem system) {
    if (modeWord == null) {
      return MapperMode.fitting(system.device());
    }
    MapperMode mode = MapperMode.of(modeWord);
    if (mode == null) {
      throw new BadInputException(
          "unknown mode %s. %s"
              .formatted(
                  modeWord,
                  Names.hint(
                      modeWord, Stream.of(MapperMode.values()).map(MapperMode::word).toList())));
    }
    return mode;
  }
}
