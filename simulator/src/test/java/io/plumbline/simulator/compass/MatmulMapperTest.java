package io.plumbline.simulator.compass;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.simulator.compass.MappingSpace.MemoryTile;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pruned search against one that walks every tile of every mapping. */
class MatmulMapperTest {

  /**
   * Small devices, so that walking all of their tiles takes no time. Arrays are square: counts of
   * others depend on the order of the whole search, which recorded tables check.
   */
  private static Accelerator randomDevice(SplittableRandom random, int arrays) {
    int height = 4 << random.nextInt(3);
    return new Accelerator(
        1 + random.nextInt(12),
        1e9,
        1L << (16 + random.nextInt(3)),
        64 << random.nextInt(4),
        1e10 * (1 + random.nextInt(100)),
        1e9,
        new SystolicArray(
            height, height, random.nextBoolean() ? 1 : 0.5, 2, 2 + 2 * random.nextInt(2)),
        arrays,
        1L << (14 + random.nextInt(3)),
        new VectorUnit(16 << random.nextInt(4), 8, arrays, 35, 2),
        LaunchOverheads.A100);
  }

  private static MatmulShape randomShape(SplittableRandom random) {
    return MatmulShape.fp16(size(random), size(random), size(random));
  }

  private static long size(SplittableRandom random) {
    long power = 16L << random.nextInt(5);
    return random.nextBoolean() ? power : 17 + random.nextInt(300);
  }

  @ParameterizedTest
  @EnumSource(
      value = MapperMode.class,
      names = {"GPU", "THROUGHPUT"})
  void thePrunedSearchFindsWhatTryingAllFinds(MapperMode mode) {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 40; i++) {
      Accelerator device =
          randomDevice(random, mode == MapperMode.GPU ? 1 << random.nextInt(4) : 4);
      MatmulShape shape = randomShape(random);
      assertSame(device, mode, shape, mode.orders());
    }
  }

  @Test
  void soItDoesInAllOrdersOfLoops() {
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 6; i++) {
      Accelerator device = randomDevice(random, 2);
      MatmulShape shape =
          MatmulShape.fp16(
              17 + random.nextInt(80), 17 + random.nextInt(80), 17 + random.nextInt(80));
      assertSame(device, MapperMode.EXHAUSTIVE, shape, List.of(LoopOrder.values()));
    }
  }

  private static void assertSame(
      Accelerator device, MapperMode mode, MatmulShape shape, List<LoopOrder> orders) {
    MatmulMapper.Result plain = plain(device, mode, shape, orders);
    MatmulMapper mapper = new MatmulMapper(device, mode, 2);
    assertThat(mapper.search(shape)).as("%s on %s", shape, device).isEqualTo(plain);
    // A mapper that has searched before finds the same.
    mapper.search(MatmulShape.fp16(shape.m() + 1, shape.n(), shape.k()));
    assertThat(mapper.search(shape)).isEqualTo(plain);
  }

  private static MatmulMapper.Result plain(
      Accelerator device, MapperMode mode, MatmulShape shape, List<LoopOrder> orders) {
    MappingSpace space = new MappingSpace(device, 2);
    mode.tiles(device, shape, space);
    List<ArraySplit> splits = mode.splits(device.arraysPerCore());
    PlainMatmul walk = new PlainMatmul(device, shape, splits);
    long best = Long.MAX_VALUE;
    MatmulMapping mapping = null;
    for (MemoryTile tile : space.tiles()) {
      for (int buffer = 0; buffer < tile.count(); buffer++) {
        for (LoopOrder memoryOrder : orders) {
          for (LoopOrder bufferOrder : orders) {
            for (ArraySplit split : splits) {
              MatmulMapping candidate =
                  new MatmulMapping(
                      tile.m,
                      tile.n,
                      tile.k,
                      tile.doubleBuffered,
                      memoryOrder,
                      tile.m1(buffer),
                      tile.n1(buffer),
                      tile.k1(buffer),
                      bufferOrder,
                      split);
              long cycles = walk.cycles(candidate);
              if (cycles < best) {
                best = cycles;
                mapping = candidate;
              }
            }
          }
        }
      }
    }
    return new MatmulMapper.Result(best, mapping);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void batchesAreTheSameByIntervalsAsTileByTile(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 400; i++) {
      Accelerator device = randomDevice(random, 1);
      CoreTimes core = new CoreTimes(device, ArraySplit.ofArrays(1));
      BufferGrid grid =
          new BufferGrid(
              size(random), size(random), size(random), side(random), side(random), side(random));
      assertThat(new SliceWalk(device, 2, core).cycles(grid, 0))
          .as(
              "%d x %d x %d by %d x %d x %d, %d cores",
              grid.m, grid.n, grid.k, grid.m1, grid.n1, grid.k1, device.cores())
          .isEqualTo(new BufferWalk(device, 2, core).cycles(grid, LoopOrder.KNM, 0));
    }
  }

  private static long side(SplittableRandom random) {
    return 8L + random.nextInt(120);
  }

  @Test
  void aDimensionOfSixteenHasNoMappingInTheExhaustiveMode() {
    Accelerator a100 = BuiltInHardware.of("a100").device();
    assertThat(
            new MatmulMapper(a100, MapperMode.EXHAUSTIVE, 2).search(MatmulShape.fp16(16, 64, 64)))
        .isEqualTo(new MatmulMapper.Result(Long.MAX_VALUE, null));
  }
}
