package io.plumbline.files;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.library.Architectures;

/** Rules are methods: Surefire does not run those in fields. */
@AnalyzeClasses(
    packages = "io.plumbline.files",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class FilesArchitectureTest {
  @ArchTest
  static void packagesDependDownwards(JavaClasses classes) {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("root")
        .definedBy("io.plumbline.files")
        .layer("conf")
        .definedBy("..files.conf")
        .layer("card")
        .definedBy("..files.card")
        .layer("csv")
        .definedBy("..files.csv")
        .layer("workload")
        .definedBy("..files.workload")
        .layer("run")
        .definedBy("..files.run")
        .layer("vidur")
        .definedBy("..files.vidur")
        .whereLayer("vidur")
        .mayNotBeAccessedByAnyLayer()
        .layer("fetch")
        .definedBy("..files.fetch")
        .whereLayer("run")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("fetch")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("workload")
        .mayOnlyBeAccessedByLayers("card", "run", "fetch")
        .whereLayer("csv")
        .mayOnlyBeAccessedByLayers("workload", "run")
        .whereLayer("card")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("conf")
        .mayOnlyBeAccessedByLayers("card", "workload", "run", "fetch", "vidur")
        .check(classes);
  }

  @ArchTest
  static void noCycles(JavaClasses classes) {
    slices().matching("io.plumbline.files.(*)..").should().beFreeOfCycles().check(classes);
  }

  @ArchTest
  static void noEngines(JavaClasses classes) {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "ai.djl..", "io.plumbline.simulator..")
        .check(classes);
  }
}
