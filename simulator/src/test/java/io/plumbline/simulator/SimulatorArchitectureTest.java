package io.plumbline.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
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
import java.util.Random;
import java.util.random.RandomGenerator;

@AnalyzeClasses(
    packages = "io.plumbline.simulator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class SimulatorArchitectureTest {

  @ArchTest
  static final ArchRule NEEDS_THE_JDK_AND_THE_TRACE_ONLY =
      classes().should().onlyDependOnClassesThat().resideInAnyPackage("java..", "io.plumbline..");

  @ArchTest
  static final ArchRule TOUCHES_NO_FILES =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                  .and(not(equivalentTo(Serializable.class))));

  @ArchTest
  static final ArchRule READS_NO_CLOCK =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.time..");

  @ArchTest
  static final ArchRule STARTS_NO_THREADS =
      noClasses()
          .should()
          .dependOnClassesThat(
              assignableTo(Thread.class).or(resideInAnyPackage("java.util.concurrent..")));

  @ArchTest
  static final ArchRule DRAWS_NO_RANDOM_NUMBERS =
      noClasses()
          .should()
          .dependOnClassesThat(assignableTo(RandomGenerator.class).or(assignableTo(Random.class)))
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule PACKAGES_DEPEND_DOWNWARDS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("engine")
          .definedBy("..simulator.engine..")
          .layer("hardware")
          .definedBy("..simulator.hardware..")
          .layer("kvcache")
          .definedBy("..simulator.kvcache..")
          .layer("batching")
          .definedBy("..simulator.batching..")
          .layer("latency")
          .definedBy("..simulator.latency..")
          .layer("cluster")
          .definedBy("..simulator.cluster..")
          .layer("facade")
          .definedBy("io.plumbline.simulator")
          .whereLayer("facade")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cluster")
          .mayOnlyBeAccessedByLayers("facade")
          .whereLayer("latency")
          .mayOnlyBeAccessedByLayers("cluster", "facade")
          .whereLayer("batching")
          .mayOnlyBeAccessedByLayers("latency", "cluster", "facade")
          .whereLayer("kvcache")
          .mayOnlyBeAccessedByLayers("batching", "latency", "cluster", "facade")
          .whereLayer("engine")
          .mayNotAccessAnyLayer()
          .whereLayer("hardware")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("io.plumbline.simulator.(*)..").should().beFreeOfCycles();
}
