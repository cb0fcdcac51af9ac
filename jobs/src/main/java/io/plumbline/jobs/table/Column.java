package io.plumbline.jobs.table;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says what a column holds; {@code docs/tables.md} is generated from it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Column {

  /** Description; the unit follows after a semicolon where there is one. */
  String value();

  /** What null means; a column that has no such text is never null. */
  String absent() default "";
}
