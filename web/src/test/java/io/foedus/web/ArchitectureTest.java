package io.foedus.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.foedus.web.problems.ErrorPage;
import io.foedus.web.problems.ProblemMapper;
import io.foedus.web.security.Caller;
import io.foedus.web.security.Doors;
import jakarta.ejb.Singleton;
import jakarta.ejb.Stateless;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.OffsetDateTime;

@AnalyzeClasses(packages = "io.foedus.web", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule components_are_acyclic = slices().matching("io.foedus.web.(*)..")
            .should()
            .beFreeOfCycles()
            // a problem notes whom it was told to, and who is refused is told a problem
            .ignoreDependency(ProblemMapper.class, Caller.class)
            .ignoreDependency(ErrorPage.class, Doors.class);

    @ArchTest
    static final ArchRule web_reaches_the_controller_only_through_boundaries_and_entities = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.foedus.controller..control..", "org.postgresql..");

    /** Problems tell a database's fault by its code. */
    @ArchTest
    static final ArchRule web_asks_no_database = noClasses()
            .that()
            .resideOutsideOfPackage("..web.problems..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.persistence..", "java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule web_opens_no_transactions = noClasses()
            .should()
            .beAnnotatedWith(Stateless.class)
            .orShould()
            .beAnnotatedWith(Singleton.class)
            .orShould()
            .beAnnotatedWith(Transactional.class);

    @ArchTest
    static final ArchRule web_does_not_speak_the_wire_of_agents =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("io.foedus.protocol..", "io.grpc..");

    @ArchTest
    static final ArchRule resources_know_no_pages = noClasses()
            .that()
            .resideInAnyPackage("..web.api..", "..web.fedn..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.faces..", "org.primefaces..");

    @ArchTest
    static final ArchRule time_is_asked_from_a_clock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule no_class_is_called_impl_util_helper_or_manager =
            noClasses().should().haveNameMatching(".*(Impl|Util|Utils|Helper|Manager|Dto|Service)(\\$.*)?");
}
