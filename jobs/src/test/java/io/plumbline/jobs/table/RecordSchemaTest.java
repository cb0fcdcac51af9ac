package io.plumbline.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class RecordSchemaTest {

  record Sample(
      @Column("a name") String name,
      @Column(value = "size; bytes", absent = "unknown") Long sizeBytes,
      @Column("count") int count) {}

  record WithoutAbsent(@Column("size; bytes") Long sizeBytes) {}

  record Unsupported(@Column("flag") boolean flag) {}

  record Undocumented(int count) {}

  @Test
  void componentsBecomeSnakeCaseColumnsNullableWhereNullHasAMeaning() {
    assertThat(RecordSchema.structType(Sample.class).toDDL())
        .isEqualTo("name STRING NOT NULL,size_bytes BIGINT,count INT NOT NULL");
  }

  @Test
  void filesHoldTheColumnsThatAreNotFolders() {
    assertThat(RecordSchema.parquet(TokenTimingRow.class, Table.TOKEN_TIMING.partitionColumns()))
        .hasToString(
            """
            message TokenTimingRow {
              required int32 request_id;
              required int32 token_index;
              required int64 token_ns;
              optional int64 tbt_ns;
            }
            """);
  }

  @Test
  void aRecordIsARowOfItsValues() {
    Row row = RecordSchema.row(new Sample("a", null, 3));
    assertThat(row.mkString(",")).isEqualTo("a,null,3");
  }

  @Test
  void nullInAColumnThatHasNoMeaningForItIsRefused() {
    assertThatThrownBy(() -> RecordSchema.row(new Sample(null, 1L, 3)))
        .hasMessage("Sample: name must not be null");
  }

  @Test
  void rowRecordsThatCannotBeColumnsAreRefused() {
    assertThatThrownBy(() -> RecordSchema.structType(WithoutAbsent.class))
        .hasMessage(
            "WithoutAbsent.sizeBytes: a boxed number needs @Column(absent = …) and a primitive must"
                + " not have it");
    assertThatThrownBy(() -> RecordSchema.structType(Unsupported.class))
        .hasMessage("boolean cannot be a column. Maybe use int, long, double or String.");
    assertThatThrownBy(() -> RecordSchema.structType(Undocumented.class))
        .hasMessage("Undocumented.count has no @Column");
  }
}
