package io.plumbline.reference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;

/** Methods, not fields: Surefire 3.5.3 passes rules in fields without running them. */
@AnalyzeClasses(
    packages = "io.plumbline.reference",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static void aRealRun_knowsNeitherSparkNorASimulator(JavaClasses classes) {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "io.plumbline.simulator..", "io.plumbline.jobs..")
        .check(classes);
  }

  @ArchTest
  static void onlyItsOwnPackage_knowsDjl(JavaClasses classes) {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.plumbline.reference.djl..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(classes);
  }

  @ArchTest
  static void theReplay_knowsNoEngine(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAPackage("io.plumbline.reference.replay..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.plumbline.reference",
            "io.plumbline.reference.djl..",
            "io.plumbline.reference.openai..")
        .check(classes);
  }

  @ArchTest
  static void packages_haveNoCycles(JavaClasses classes) {
    slices().matching("io.plumbline.(**)").should().beFreeOfCycles().check(classes);
  }
}
