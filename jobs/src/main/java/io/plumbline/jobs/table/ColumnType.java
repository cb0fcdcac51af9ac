package io.plumbline.jobs.table;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The types a column may have, each with its Spark type and how Parquet stores it. */
enum ColumnType {
  INT(DataTypes.IntegerType, PrimitiveTypeName.INT32) {
    @Override
    void write(Object value, RecordConsumer to) {
      to.addInteger((Integer) value);
    }
  },
  LONG(DataTypes.LongType, PrimitiveTypeName.INT64) {
    @Override
    void write(Object value, RecordConsumer to) {
      to.addLong((Long) value);
    }
  },
  DOUBLE(DataTypes.DoubleType, PrimitiveTypeName.DOUBLE) {
    @Override
    void write(Object value, RecordConsumer to) {
      to.addDouble((Double) value);
    }
  },
  STRING(DataTypes.StringType, PrimitiveTypeName.BINARY) {
    @Override
    void write(Object value, RecordConsumer to) {
      to.addBinary(Binary.fromString((String) value));
    }
  };

  private final DataType spark;
  private final PrimitiveTypeName parquet;

  ColumnType(DataType spark, PrimitiveTypeName parquet) {
    this.spark = spark;
    this.parquet = parquet;
  }

  abstract void write(Object value, RecordConsumer to);

  DataType spark() {
    return spark;
  }

  Type parquet(String name, Type.Repetition repetition) {
    var type = Types.primitive(parquet, repetition);
    return this == STRING
        ? type.as(LogicalTypeAnnotation.stringType()).named(name)
        : type.named(name);
  }

  static ColumnType of(Class<?> javaType) {
    if (javaType == int.class || javaType == Integer.class) {
      return INT;
    }
    if (javaType == long.class || javaType == Long.class) {
      return LONG;
    }
    if (javaType == double.class || javaType == Double.class) {
      return DOUBLE;
    }
    if (javaType == String.class) {
      return STRING;
    }
    throw new IllegalArgumentException(
        "%s cannot be a column. Maybe use int, long, double or String."
            .formatted(javaType.getName()));
  }
}
