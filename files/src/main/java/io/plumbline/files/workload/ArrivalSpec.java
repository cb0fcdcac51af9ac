package io.plumbline.files.workload;

import io.plumbline.files.BadInputException;
import io.plumbline.trace.workload.ArrivalProcess;
import io.plumbline.trace.workload.Request;
import io.plumbline.trace.workload.TokenLengths;
import io.plumbline.trace.workload.Workload;
import io.plumbline.trace.workload.WorkloadSpec;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the requests of a synthetic workload arrive, as a configuration says it. */
public sealed interface ArrivalSpec extends Serializable
    permits ArrivalSpec.AllAtZero,
        ArrivalSpec.FixedInterval,
        ArrivalSpec.Poisson,
        ArrivalSpec.Trace {

  /** The workload with these arrivals; the lengths do not depend on them. */
  Workload generate(TokenLengths lengths, int requests, long seed, PathResolver paths);

  /** All at the start. */
  record AllAtZero() implements ArrivalSpec {
    @Override
    public Workload generate(TokenLengths lengths, int requests, long seed, PathResolver paths) {
      return new WorkloadSpec(new ArrivalProcess.AllAtZero(), lengths, requests, seed).generate();
    }
  }

  /**
   * Evenly spaced.
   *
   * @param intervalSeconds time between two arrivals
   */
  record FixedInterval(double intervalSeconds) implements ArrivalSpec {
    public FixedInterval {
      new ArrivalProcess.FixedInterval(intervalSeconds);
    }

    @Override
    public Workload generate(TokenLengths lengths, int requests, long seed, PathResolver paths) {
      ArrivalProcess arrivals = new ArrivalProcess.FixedInterval(intervalSeconds);
      return new WorkloadSpec(arrivals, lengths, requests, seed).generate();
    }
  }

  /**
   * A Poisson process.
   *
   * @param requestsPerSecond mean rate
   */
  record Poisson(double requestsPerSecond) implements ArrivalSpec {
    public Poisson {
      new ArrivalProcess.Poisson(requestsPerSecond);
    }

    @Override
    public Workload generate(TokenLengths lengths, int requests, long seed, PathResolver paths) {
      ArrivalProcess arrivals = new ArrivalProcess.Poisson(requestsPerSecond);
      return new WorkloadSpec(arrivals, lengths, requests, seed).generate();
    }
  }

  /**
   * The first arrivals of a trace.
   *
   * @param file CSV as {@link TraceFiles#readArrivals} reads it
   */
  record Trace(String file) implements ArrivalSpec {
    @Override
    public Workload generate(TokenLengths lengths, int requests, long seed, PathResolver paths) {
      Path path = paths.resolve(file);
      long[] arrivals = TraceFiles.readArrivals(path);
      if (arrivals.length < requests) {
        throw new BadInputException(
            "%s: %d arrivals, but %d requests are asked for. Maybe lower requests."
                .formatted(path, arrivals.length, requests));
      }
      List<Request> timed = new ArrayList<>();
      for (Request r : new AllAtZero().generate(lengths, requests, seed, paths).requests()) {
        timed.add(new Request(r.id(), arrivals[r.id()], r.promptTokens(), r.outputTokens()));
      }
      return new Workload(timed);
    }
  }
}
