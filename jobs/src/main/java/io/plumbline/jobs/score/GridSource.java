package io.plumbline.jobs.score;

import io.plumbline.files.workload.PathResolver;
import java.util.List;

/** Files with the points of a grid; each kind reads them itself. */
sealed interface GridSource permits QpsGrid {

  /** What the files have, measured points first of all. */
  Points read(PathResolver paths);

  /**
   * Points of both origins.
   *
   * @param measured in a stable order, none twice
   * @param others what another simulator predicted for the same and for other points; perhaps none
   */
  record Points(List<MeasuredPoint> measured, List<MeasuredPoint> others) {}
}
