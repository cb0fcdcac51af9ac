package io.plumbline.jobs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** A job run as from the command line: its exit code and what it printed. */
public record JobRun(int exitCode, String out, String err) {

  public static JobRun of(Callable<Integer> job, String... args) {
    SharedSpark.session();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        JobCommand.of(job).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(args);
    return new JobRun(exitCode, out.toString(), err.toString());
  }
}
