package io.plumbline.simulator;

import io.plumbline.simulator.engine.Compatibility;
import io.plumbline.simulator.latency.ExecutionTimePredictor;
import io.plumbline.simulator.latency.ProfileSource;
import io.plumbline.trace.Sha256;
import io.plumbline.trace.run.IterationRequests;
import io.plumbline.trace.run.RunTrace;
import io.plumbline.trace.run.TokenTimes;

/**
 * Prints a checksum over every number of many runs, of all schedulers: a change that is to make the
 * simulator faster and nothing else must leave it as it was.
 */
final class TraceChecksum {
  private TraceChecksum() {}

  public static void main(String[] args) {
    Sha256 sha = new Sha256();
    Sha256 shaV1 = new Sha256();
    for (long seed = 0; seed < 1000; seed++) {
      RandomScenario whole = new RandomScenario(seed, Compatibility.STANDARD);
      put(sha, whole.scenario.limit(30).run(whole.workload, Recording.OPERATORS));
      RandomV1Scenario v1 = new RandomV1Scenario(seed);
      put(shaV1, v1.scenario.limit(30).run(v1.workload, Recording.OPERATORS));
      SimulationSpec spec = v1.scenario.limit(0.05).spec();
      ExecutionTimePredictor roofline =
          Simulator.predictor(spec, v1.workload, ProfileSource.none());
      put(shaV1, Simulator.run(spec, v1.workload, roofline, Recording.OPERATORS));
    }
    System.out.println("all schedulers " + sha.shortHex() + ", vllm_v1 " + shaV1.shortHex());
  }

  private static void put(Sha256 sha, RunTrace trace) {
    sha.putText(trace.requests().toString());
    sha.putText(trace.iterations().toString());
    sha.putText(trace.operators().toString());
    sha.putText(trace.utilization().toString());
    sha.putText(String.valueOf(trace.extrapolatedFraction()));
    if (trace.tokens() != null) {
      put(sha, trace.tokens());
      put(sha, trace.iterationRequests());
    }
  }

  private static void put(Sha256 sha, TokenTimes tokens) {
    for (int request = 0; request < tokens.requests(); request++) {
      for (int token = 0; token < tokens.tokens(request); token++) {
        sha.putLong(tokens.nanos(request, token));
      }
    }
  }

  private static void put(Sha256 sha, IterationRequests iterations) {
    for (int iteration = 0; iteration < iterations.iterations(); iteration++) {
      for (int i = 0; i < iterations.size(iteration); i++) {
        sha.putLong(iterations.requestId(iteration, i));
        sha.putLong(iterations.tokens(iteration, i));
        sha.putLong(iterations.contextTokens(iteration, i));
        sha.putLong(iterations.isPrefill(iteration, i) ? 1 : 0);
      }
    }
  }
}
