package io.plumbline.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
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
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SimulatorArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.plumbline.simulator");

  @Test
  void theSimulatorNeedsTheJdkAndTheTraceOnly() {

    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "io.plumbline..")
        .check(CLASSES);
  }

  @Test
  void theSimulatorTouchesNoFiles() {

    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .and(not(equivalentTo(Serializable.class))))
        .check(CLASSES);
  }

  @Test
  void theSimulatorReadsNoClock() {

    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.time..")
        .check(CLASSES);
  }

  @Test
  void theSimulatorStartsNoThreads() {

    noClasses()
        .should()
        .dependOnClassesThat(
            assignableTo(Thread.class).or(resideInAnyPackage("java.util.concurrent..")))
        .check(CLASSES);
  }

  @Test
  void theSimulatorDrawsNoRandomNumbersButPythons() {

    noClasses()
        .should()
        .dependOnClassesThat(assignableTo(RandomGenerator.class).or(assignableTo(Random.class)))
        .orShould()
        .callMethod(Math.class, "random")
        .check(CLASSES);
  }

  @Test
  void packagesDependDownwards() {

    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("learning")
        .definedBy("..simulator.learning..")
        .layer("engine")
        .definedBy("..simulator.engine..")
        .layer("hardware")
        .definedBy("..simulator.hardware..")
        .layer("kvcache")
        .definedBy("..simulator.kvcache..")
        .layer("batching")
        .definedBy("..simulator.batching..")
        .layer("learning")
        .definedBy("..simulator.learning..")
        .layer("latency")
        .definedBy("..simulator.latency..")
        .layer("cluster")
        .definedBy("..simulator.cluster..")
        .layer("metrics")
        .definedBy("..simulator.metrics..")
        .layer("capacity")
        .definedBy("..simulator.capacity..")
        .layer("facade")
        .definedBy("io.plumbline.simulator")
        .whereLayer("facade")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("metrics")
        .mayOnlyBeAccessedByLayers("facade")
        .whereLayer("capacity")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("capacity", "metrics", "facade")
        .whereLayer("latency")
        .mayOnlyBeAccessedByLayers("cluster", "metrics", "facade")
        .whereLayer("learning")
        .mayOnlyBeAccessedByLayers("latency")
        .whereLayer("learning")
        .mayNotAccessAnyLayer()
        .whereLayer("batching")
        .mayOnlyBeAccessedByLayers("latency", "cluster", "capacity", "metrics", "facade")
        .whereLayer("kvcache")
        .mayOnlyBeAccessedByLayers("batching", "latency", "cluster", "facade")
        .whereLayer("learning")
        .mayNotAccessAnyLayer()
        .whereLayer("engine")
        .mayNotAccessAnyLayer()
        .whereLayer("hardware")
        .mayNotAccessAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {

    slices().matching("io.plumbline.simulator.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
