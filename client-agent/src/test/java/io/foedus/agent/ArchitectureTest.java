package io.foedus.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

@AnalyzeClasses(packages = "io.foedus.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule components_are_acyclic =
            slices().matching("io.foedus.agent.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_agent_knows_no_container = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "jakarta..", "org.eclipse.microprofile..", "io.foedus.controller..", "io.foedus.combiner..");

    @ArchTest
    static final ArchRule only_who_speaks_to_a_combiner_knows_grpc = noClasses()
            .that()
            .resideOutsideOfPackages("..attendance..", "..transfer..", "..training..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "io.foedus.protocol.v1..");

    @ArchTest
    static final ArchRule only_commands_and_their_console_know_the_command_line = noClasses()
            .that()
            .resideInAnyPackage("..transfer..", "..training..", "..state..", "..processes..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule time_is_asked_from_a_clock = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule no_class_is_called_impl_util_helper_or_manager =
            noClasses().should().haveNameMatching(".*(Impl|Util|Utils|Helper|Manager|Dto|Service)(\\$.*)?");
}
