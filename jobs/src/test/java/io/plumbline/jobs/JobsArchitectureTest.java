package io.plumbline.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.plumbline.jobs.card.WrongJob;
import io.plumbline.jobs.report.Report;
import io.plumbline.jobs.report.WrongReport;
import io.plumbline.reference.WrongEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobsArchitectureTest {
  private static final String ROOT = "io.plumbline.jobs";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static final JavaClasses VIOLATIONS =
      new ClassFileImporter()
          .importClasses(WrongJob.class, WrongReport.class, WrongEngine.class, Report.class);

  private static final ArchRule PACKAGES_DEPEND_DOWNWARDS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("jobs")
          .definedBy(ROOT)
          .layer("report")
          .definedBy("..jobs.report..")
          .layer("export")
          .definedBy("..jobs.export..")
          .layer("attribution")
          .definedBy("..jobs.attribution..")
          .layer("error")
          .definedBy("..jobs.error..")
          .layer("sweep")
          .definedBy("..jobs.sweep..")
          .layer("search")
          .definedBy("..jobs.search..")
          .layer("conformance")
          .definedBy("..jobs.conformance..")
          .layer("vidur")
          .definedBy("..jobs.vidur..")
          .layer("score")
          .definedBy("..jobs.score..")
          .layer("fidelity")
          .definedBy("..jobs.fidelity..")
          .layer("measure")
          .definedBy("..jobs.measure..")
          .layer("ingest")
          .definedBy("..jobs.ingest..")
          .layer("training")
          .definedBy("..jobs.training..")
          .layer("profile")
          .definedBy("..jobs.profile..")
          .layer("card")
          .definedBy("..jobs.card..")
          .layer("table")
          .definedBy("..jobs.table..")
          .layer("bench")
          .definedBy("..jobs.bench..")
          .layer("process")
          .definedBy("..jobs.process..")
          .layer("accelsim")
          .definedBy("..jobs.accelsim..")
          .layer("original")
          .definedBy("..jobs.original..")
          .whereLayer("process")
          .mayOnlyBeAccessedByLayers("accelsim", "original")
          .whereLayer("process")
          .mayNotAccessAnyLayer()
          .whereLayer("accelsim")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("original")
          .mayOnlyBeAccessedByLayers("jobs")
          .layer("sensitivity")
          .definedBy("..jobs.sensitivity..")
          .whereLayer("sensitivity")
          .mayOnlyBeAccessedByLayers("jobs")
          .layer("sql")
          .definedBy("..jobs.sql..")
          .layer("dashboard")
          .definedBy("..jobs.dashboard..")
          .layer("notebook")
          .definedBy("..jobs.notebook..")
          .whereLayer("sql")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("dashboard")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("notebook")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("bench")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("jobs")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("conformance", "notebook", "sql", "jobs")
          .whereLayer("export")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("error")
          .mayOnlyBeAccessedByLayers("attribution", "report", "score", "fidelity", "jobs")
          .whereLayer("attribution")
          .mayOnlyBeAccessedByLayers("report", "jobs")
          .whereLayer("conformance")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("vidur")
          .mayOnlyBeAccessedByLayers("conformance", "jobs")
          .whereLayer("search")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("sweep")
          .mayOnlyBeAccessedByLayers(
              "bench", "original", "score", "search", "fidelity", "vidur", "jobs")
          .whereLayer("score")
          .mayOnlyBeAccessedByLayers("fidelity", "jobs")
          .whereLayer("fidelity")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("measure")
          .mayOnlyBeAccessedByLayers("jobs")
          .whereLayer("ingest")
          .mayOnlyBeAccessedByLayers("accelsim", "original", "score", "fidelity", "jobs")
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("conformance", "sweep", "jobs")
          .whereLayer("training")
          .mayNotAccessAnyLayer()
          .whereLayer("profile")
          .mayOnlyBeAccessedByLayers("bench", "conformance", "score", "sweep")
          .whereLayer("card")
          .mayOnlyBeAccessedByLayers(
              "conformance", "fidelity", "measure", "profile", "score", "search", "sweep", "vidur")
          .whereLayer("table")
          .mayNotAccessAnyLayer();

  private static final ArchRule NO_CYCLES =
      slices().matching("io.plumbline.jobs.(*)..").should().beFreeOfCycles();

  /** What can be told from files and numbers alone needs no Spark to be tested. */
  private static final ArchRule PURE_CLASSES_ARE_FREE_OF_SPARK =
      noClasses()
          .that(
              resideInAPackage("..jobs.card..")
                  .or(resideInAPackage("..jobs.profile.."))
                  .or(resideInAPackage("..jobs.ingest.."))
                  .or(resideInAPackage("..jobs.vidur.."))
                  .or(resideInAPackage("..jobs.training.."))
                  .or(resideInAPackage("..jobs.sensitivity.."))
                  .or(
                      describe(
                          "are to be pure",
                          c ->
                              c.getName()
                                  .matches(
                                      ".*\\.(ErrorMetrics|Axes|SweepFile|SweepPlanner|SweepPlan|SweepPoint|PointSpec|PointResolver)"))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..");

  private static final ArchRule NO_DJL =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.djl..", "io.plumbline.reference..");

  private static final ArchRule JOBS_LIVE_IN_THE_ROOT_PACKAGE =
      classes().that().haveSimpleNameEndingWith("Job").should().resideInAPackage(ROOT);

  private static final ArchRule ONLY_JOBS_ARE_PROGRAMS =
      methods()
          .that()
          .haveName("main")
          .and()
          .areStatic()
          .should()
          .beDeclaredInClassesThat(
              resideInAPackage(ROOT)
                  .and(simpleNameEndingWith("Job").or(equivalentTo(Plumbline.class))));

  @Test
  void packagesDependDownwards() {
    PACKAGES_DEPEND_DOWNWARDS.check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    NO_CYCLES.check(CLASSES);
  }

  @Test
  void whatNeedsNoSparkHasNone() {
    PURE_CLASSES_ARE_FREE_OF_SPARK.check(CLASSES);
  }

  @Test
  void theEngineStaysInItsOwnProcess() {
    NO_DJL.check(CLASSES);
  }

  @Test
  void jobsAreInTheRootPackageAndAlonePrograms() {
    JOBS_LIVE_IN_THE_ROOT_PACKAGE.check(CLASSES);
    ONLY_JOBS_ARE_PROGRAMS.check(CLASSES);
  }

  /**
   * Each rule finds its violation in classes made for it, so a rule that checks nothing is seen.
   */
  @Test
  void everyRuleCanFail() {
    for (ArchRule rule :
        List.of(
            PACKAGES_DEPEND_DOWNWARDS,
            NO_CYCLES,
            PURE_CLASSES_ARE_FREE_OF_SPARK,
            NO_DJL,
            JOBS_LIVE_IN_THE_ROOT_PACKAGE,
            ONLY_JOBS_ARE_PROGRAMS)) {
      assertThatThrownBy(() -> rule.allowEmptyShould(true).check(VIOLATIONS))
          .as(rule.getDescription())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Architecture Violation");
    }
  }
}
