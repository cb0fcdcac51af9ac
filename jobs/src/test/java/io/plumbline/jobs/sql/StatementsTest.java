package io.plumbline.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementsTest {

  @Test
  void aSemicolonEndsAStatement() {
    Statements two = Statements.of("SELECT 1;\nSELECT\n 2; SELECT 3");
    assertThat(two.complete()).containsExactly("SELECT 1", "SELECT\n 2");
    assertThat(two.rest()).isEqualTo("SELECT 3");
    assertThat(two.all()).hasSize(3);
  }

  @Test
  void oneInQuotesOrCommentsDoesNot() {
    assertThat(Statements.of("SELECT 'a;\\';b', \"c;\", `d;` -- e;\n/* f; */ FROM g;").complete())
        .containsExactly("SELECT 'a;\\';b', \"c;\", `d;` -- e;\n/* f; */ FROM g");
  }

  @Test
  void blanksAndCommentsAreNoStatement() {
    Statements none = Statements.of("  ; -- nothing;\n /* at all */ ;; ");
    assertThat(none.all()).isEmpty();
  }

  @Test
  void whatHasNoEndIsTheRest() {
    assertThat(Statements.of("SELECT 'open;").rest()).isEqualTo("SELECT 'open;");
    assertThat(Statements.of("SELECT 1 /* open;").rest()).isEqualTo("SELECT 1 /* open;");
  }
}
