package io.plumbline.simulator.learning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FoldsTest {
  private static int[] sizes(Folds folds) {
    int[] sizes = new int[folds.count()];
    for (int fold = 0; fold < sizes.length; fold++) {
      sizes[fold] = folds.to(fold) - folds.from(fold);
    }
    return sizes;
  }

  @Test
  void theFirstFoldsTakeTheRowsLeftOver() {
    Folds folds = new Folds(23, 10);
    assertThat(sizes(folds)).containsExactly(3, 3, 3, 2, 2, 2, 2, 2, 2, 2);
    assertThat(folds.from(0)).isZero();
    assertThat(folds.from(3)).isEqualTo(9);
    assertThat(folds.to(9)).isEqualTo(23);
  }

  @Test
  void asManyRowsAsFoldsAreEnough() {
    assertThat(sizes(new Folds(3, 3))).containsExactly(1, 1, 1);
  }

  @Test
  void fewerRowsThanFoldsMakeTwoFolds() {
    assertThat(sizes(new Folds(7, 10))).containsExactly(4, 3);
  }
}
