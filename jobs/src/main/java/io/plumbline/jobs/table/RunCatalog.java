package io.plumbline.jobs.table;

import io.plumbline.simulator.Recording;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Which runs there are at one moment, and where the rows of each are. A run may be in a folder of
 * its own and in several packs: two sweeps made it at once, or a task was started twice. One of
 * these places counts, in all tables; the rows elsewhere are hidden.
 */
final class RunCatalog {
  /** Of several packs, the one in which the run got farthest and kept most, then the newest. */
  private static final Comparator<Place> BEST =
      Comparator.comparing((Place place) -> !place.runs().failed())
          .thenComparing(place -> level(place.runs().recording()))
          .thenComparing(place -> place.pack().pack());

  /**
   * A run.
   *
   * @param origin name of the folder's value
   */
  record Key(String origin, String runId) {}

  /** Where a run is in packs. */
  record Place(Pack pack, Pack.Runs runs) {}

  private final List<Pack> packs = new ArrayList<>();
  private final Map<Key, Long> inFolders = new HashMap<>();
  private final Map<Key, Place> inPacks = new HashMap<>();
  private final Map<Pack, Set<Key>> hidden = new HashMap<>();

  private RunCatalog() {}

  /** Looks at a results folder. */
  static RunCatalog of(PartitionWriter partitions) {
    return of(partitions, new PackFolder(partitions.resultsDir(), partitions.conf()).manifests());
  }

  /**
   * The same as it was for readers some time ago, apart from folders, which are as they are now.
   *
   * @param manifests of packs that were there then
   */
  static RunCatalog of(PartitionWriter partitions, List<Pack> manifests) {
    RunCatalog catalog = new RunCatalog();
    catalog.addFolders(partitions);
    catalog.add(manifests);
    return catalog;
  }

  private void addFolders(PartitionWriter partitions) {
    for (FileStatus file : partitions.files(Table.RUN)) {
      inFolders.put(key(file.getPath()), file.getModificationTime());
    }
  }

  private void add(List<Pack> all) {
    Set<String> replaced = new HashSet<>();
    all.forEach(pack -> replaced.addAll(pack.replaces()));
    for (Pack pack : all) {
      if (!replaced.contains(pack.pack())) {
        packs.add(pack);
        for (Pack.Runs runs : pack.runs()) {
          Place here = new Place(pack, runs);
          for (String runId : runs.runIds()) {
            add(new Key(runs.origin(), runId), here);
          }
        }
      }
    }
    packs.forEach(this::takeOver);
    inPacks.forEach(
        (key, place) -> {
          if (inFolders.containsKey(key)) {
            hide(key, place);
          }
        });
  }

  private void takeOver(Pack pack) {
    pack.overFolders()
        .forEach(
            (name, writtenMillis) -> {
              int slash = name.indexOf('/');
              Key key = new Key(name.substring(0, slash), name.substring(slash + 1));
              Long nowMillis = inFolders.get(key);
              if (nowMillis != null && nowMillis <= writtenMillis && inPacks.containsKey(key)) {
                inFolders.remove(key);
              }
            });
  }

  private void add(Key key, Place here) {
    Place other = inPacks.putIfAbsent(key, here);
    if (other == null) {
      return;
    }
    if (BEST.compare(here, other) > 0) {
      inPacks.put(key, here);
      hide(key, other);
    } else {
      hide(key, here);
    }
  }

  private void hide(Key key, Place place) {
    hidden.computeIfAbsent(place.pack(), pack -> new HashSet<>()).add(key);
  }

  private static int level(String recording) {
    return recording == null ? -1 : Recording.valueOf(recording.toUpperCase(Locale.ROOT)).ordinal();
  }

  /** The run of a file {@code …/origin=O/run_id=R/part-0.parquet}. */
  static Key key(Path file) {
    Path run = file.getParent();
    return new Key(
        run.getParent().getName().substring("origin=".length()),
        run.getName().substring("run_id=".length()));
  }

  /** Packs of which at least one run counts. */
  List<Pack> packs() {
    return packs.stream().filter(pack -> hidden(pack).size() < pack.size()).toList();
  }

  /** Runs of a pack whose rows do not count, because they are elsewhere as well. */
  Set<Key> hidden(Pack pack) {
    return hidden.getOrDefault(pack, Set.of());
  }

  /** Whether the rows of a run's own folder count. */
  boolean countsInFolder(Key key) {
    return inFolders.containsKey(key) || !inPacks.containsKey(key);
  }

  /** The runs that count in a folder of their own, and when their rows were written, in ms. */
  Map<Key, Long> inFolders() {
    return inFolders;
  }

  /** The pack that a run is to be read from; null if there is none or its folder counts. */
  Place place(Key key) {
    return inFolders.containsKey(key) ? null : inPacks.get(key);
  }

  /** All runs in packs, with the place that counts among packs. */
  Map<Key, Place> inPacks() {
    return inPacks;
  }
}
