package io.plumbline.jobs.conformance;

import io.plumbline.files.BadInputException;
import io.plumbline.files.Names;
import io.plumbline.files.csv.CsvRow;
import io.plumbline.simulator.compass.BuiltInHardware;
import io.plumbline.simulator.compass.HardwareSystem;
import io.plumbline.simulator.compass.MapperMode;
import io.plumbline.simulator.compass.MatmulOperator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rows of one device in one table, compared number by number. */
final class CompassCase {
  private static final List<String> MAPPING =
      List.of(
          "l2_M",
          "l2_N",
          "l2_K",
          "l2_double_buffer",
          "l1_M",
          "l1_N",
          "l1_K",
          "l2_order",
          "l1_order",
          "l0_M",
          "l0_N",
          "l0_K");

  private final Map<String, Deviation> deviations = new LinkedHashMap<>();
  private final Map<MapperMode, MatmulOperator> matmuls = new HashMap<>();
  private int rows;
  private int tiesApart;

  void add(CompassTable table, CsvRow row) {
    rows++;
    table.compare(row, new Compared(row));
  }

  CaseResult result(String name) {
    List<String> notes = new ArrayList<>();
    if (tiesApart > 0) {
      notes.add(
          "%d mappings differ in what has equal cycles: on an array that is not square, the original's choice depends on what it counted before."
              .formatted(tiesApart));
    }
    return CaseResult.judged(
        name,
        "%d row%s".formatted(rows, rows == 1 ? "" : "s"),
        List.copyOf(deviations.values()),
        notes);
  }

  /** One row, and ours of it. */
  final class Compared {
    private final CsvRow row;

    private Compared(CsvRow row) {
      this.row = row;
    }

    /** Compares a column, if the row has a number there. */
    void number(String column, double ours) {
      String text = row.text(column);
      if (text != null && text.matches("(-?[0-9].*|inf)")) {
        double recorded = text.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
        deviation(column).compare(recorded, ours, this::place);
      }
    }

    void text(String column, String recorded, String ours) {
      if (recorded.equals(ours)) {
        deviation(column).compare(0, 0, this::place);
      } else {
        deviation(column).differ(place(), recorded, ours);
      }
    }

    /** Compares the columns of a mapping, if they are there. */
    void mapping(String ours, boolean mustBeEqual) {
      if (row.text(MAPPING.get(0)) == null) {
        return;
      }
      String recorded =
          String.join(",", MAPPING.stream().map(row::required).toArray(String[]::new));
      if (mustBeEqual || recorded.equals(ours)) {
        text("mapping", recorded, ours);
      } else {
        tiesApart++;
      }
    }

    HardwareSystem system(String name) {
      HardwareSystem system = BuiltInHardware.of(name);
      known(name, system);
      return system;
    }

    void known(String name, Object found) {
      if (found == null) {
        throw new BadInputException(
            "%s: nothing is known of %s. %s"
                .formatted(row.where(), name, Names.hint(name, BuiltInHardware.names())));
      }
    }

    MapperMode mode(CsvRow of) {
      MapperMode mode = MapperMode.of(of.required("mode"));
      if (mode == null) {
        throw of.bad(
            "mode",
            "is no mode. "
                + Names.hint(
                    of.required("mode"),
                    Stream.of(MapperMode.values()).map(MapperMode::word).toList()));
      }
      return mode;
    }

    MatmulOperator matmuls(HardwareSystem system, MapperMode mode) {
      return matmuls.computeIfAbsent(mode, one -> new MatmulOperator(system.device(), one));
    }

    private Deviation deviation(String quantity) {
      return deviations.computeIfAbsent(quantity, one -> new Deviation(one, 0));
    }

    private String place() {
      return "line %d".formatted(row.line());
    }
  }
}
