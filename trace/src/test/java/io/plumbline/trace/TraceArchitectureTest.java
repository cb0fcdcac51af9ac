package io.plumbline.trace;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;

@AnalyzeClasses(
    packages = "io.plumbline.trace",
    importOptions = ImportOption.DoNotIncludeTests.class)
class TraceArchitectureTest {

  @ArchTest
  static final ArchRule NEEDS_THE_JDK_ONLY =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.plumbline.trace..");

  @ArchTest
  static final ArchRule TOUCHES_NO_FILES =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("java.io..", "java.nio.file..", "java.net..")
                  .and(not(equivalentTo(Serializable.class))));

  @ArchTest
  static final ArchRule A_RUN_KNOWS_ITS_WORKLOAD_BUT_NOT_THE_REVERSE =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("hash")
          .definedBy("io.plumbline.trace")
          .layer("model")
          .definedBy("..trace.model..")
          .layer("workload")
          .definedBy("..trace.workload..")
          .layer("run")
          .definedBy("..trace.run..")
          .whereLayer("run")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("workload")
          .mayOnlyBeAccessedByLayers("run")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("workload", "run")
          .whereLayer("hash")
          .mayOnlyBeAccessedByLayers("model", "workload", "run");

  @ArchTest
  static final ArchRule HAS_NO_CYCLES =
      slices().matching("io.plumbline.trace.(*)..").should().beFreeOfCycles();
}
