package io.plumbline.jobs.search;

import io.plumbline.jobs.table.ParetoRow;

/** What configurations are ranked by: capacity per what. */
public enum RankBy {
  DOLLAR {
    @Override
    Double of(ParetoRow row) {
      return row.requestsPerDollar();
    }
  },
  DEVICE {
    @Override
    Double of(ParetoRow row) {
      return row.requestsPerSecondPerDevice();
    }
  },
  WATT {
    @Override
    Double of(ParetoRow row) {
      return row.requestsPerJoule();
    }
  };

  /** More is better; null if unknown. */
  abstract Double of(ParetoRow row);
}
