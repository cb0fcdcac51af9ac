package io.plumbline.reference.replay;

import io.plumbline.trace.run.RunTrace;
import java.util.List;

/** A real run that can start: what could be refused has been. */
public interface PreparedRun extends AutoCloseable {

  /**
   * Serves some requests and forgets them, so that the engine has met what it will be timed on; on
   * return everything is ready for the clock to start.
   */
  void warmUp(int requests);

  /**
   * Serves every request of the workload once, in real time.
   *
   * @param stopwatch just started; all times of the trace are its times
   * @param counts told how far the run is
   */
  RunTrace run(Stopwatch stopwatch, RunCounts counts);

  /** What served here, for the manifest; what the run itself found out is there after it. */
  EngineFacts facts();

  /** What a person should know about the run besides its trace, in sentences. */
  default List<String> findings() {
    return List.of();
  }

  /** Frees the engine; throws nothing. */
  @Override
  void close();
}
