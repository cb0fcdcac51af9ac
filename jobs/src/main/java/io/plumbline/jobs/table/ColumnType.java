package io.plumbline.jobs.table;

import org.apache.parquet.example.data.Group;
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

    @Override
    Object read(Group from, String name) {
      return from.getInteger(name, 0);
    }
  },
  LONG(DataTypes.LongType, PrimitiveTypeName.INT64) {
    @Override
    void write(Object value, RecordConsumer to) {
      to.addLong((Long) value);
    }

    @Override
    Object read(Group from, String name) {
      return from.getLong(name, 0);
    }
  },
  DOUBLE(DataTypes.DoubleType, PrimitiveTypeName.DOUBLE) {
    @Override
    void write(Object value, RecordConsumer to) {
      to.addDouble((Double) value);
    }

    @Override
    Object read(Group from, String name) {
      return from.getDouble(name, 0);
    }
  },
  STRING(DataTypes.StringType, PrimitiveTypeName.BINARY) {
    @Override
    void write(Object value, RecordConsumer to) {
      to.addBinary(Binary.fromString((String) value));
    }

    @Override
    Object read(Group from, String name) {
      return from.getString(name, 0);
    }
  };

  private final DataType spark;
  private final PrimitiveTypeName parquet;

  ColumnType(DataType spark, PrimitiveTypeName parquet) {
    this.spark = spark;
    this.parquet = parquet;
  }

  abstract void write(Object value, RecordConsumer to);

  /** The value of a column, which must be there. */
  abstract Object read(Group from, String name);

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
