package io.plumbline.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TablesDocumentTest {

  @Test
  void theColumnReferenceIsUpToDate() throws IOException {
    Path document = Path.of(System.getProperty("plumbline.home"), "docs", "tables.md");
    if (Boolean.getBoolean("plumbline.tables.write")) {
      Files.createDirectories(document.getParent());
      Files.writeString(document, TablesDocument.markdown());
    }
    assertThat(document)
        .as("docs/tables.md is stale; run the tests with -Dplumbline.tables.write=true")
        .content()
        .isEqualTo(TablesDocument.markdown());
  }
}
