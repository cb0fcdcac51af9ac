package io.plumbline.trace;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

class TraceArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.plumbline.trace");

  @Test
  void traceNeedsTheJdkOnly() {

    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.plumbline.trace..")
        .check(CLASSES);
  }

  @Test
  void traceTouchesNoFiles() {

    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio.file..", "java.net..")
                .and(not(equivalentTo(Serializable.class))))
        .check(CLASSES);
  }

  @Test
  void aRunKnowsItsWorkloadButNotTheReverse() {

    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("hash")
        .definedBy("io.plumbline.trace")
        .layer("model")
        .definedBy("..trace.model..")
        .layer("random")
        .definedBy("..trace.random..")
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
        .whereLayer("random")
        .mayOnlyBeAccessedByLayers("workload", "run")
        .whereLayer("hash")
        .mayOnlyBeAccessedByLayers("model", "workload", "run")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {

    slices().matching("io.plumbline.trace.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
