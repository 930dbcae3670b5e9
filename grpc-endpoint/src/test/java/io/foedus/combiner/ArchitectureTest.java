package io.foedus.combiner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Timer;

@AnalyzeClasses(packages = "io.foedus.combiner", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule components_are_acyclic =
            slices().matching("io.foedus.combiner.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule entities_do_not_know_boundaries_or_control = noClasses()
            .that()
            .resideInAPackage("..entity..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..combiner..boundary..", "..combiner..control..");

    @ArchTest
    static final ArchRule a_share_is_decided_without_files_network_clocks_or_threads = classes()
            .that()
            .resideInAPackage("..collection.entity..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.time",
                    "io.foedus.combiner.collection.entity",
                    "io.foedus.core..",
                    "org.jspecify..")
            .andShould(notUse(Clock.class, Thread.class, System.class, Timer.class, Random.class));

    private static ArchCondition<JavaClass> notUse(Class<?>... kinds) {
        return ArchConditions.not(ArchConditions.dependOnClassesThat(JavaClass.Predicates.belongToAnyOf(kinds)));
    }

    @ArchTest
    static final ArchRule control_does_not_call_a_boundary = noClasses()
            .that()
            .resideInAPackage("..control..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..boundary..");

    @ArchTest
    static final ArchRule generated_messages_stay_at_the_edge = noClasses()
            .that()
            .resideOutsideOfPackage("..boundary..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.foedus.protocol.v1..", "io.foedus.protocol.fedn..");

    @ArchTest
    static final ArchRule only_the_edge_and_the_assembly_know_grpc = noClasses()
            .that()
            .resideInAnyPackage("..control..", "..entity..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.grpc..");

    @ArchTest
    static final ArchRule the_container_is_known_only_where_it_is_entered = noClasses()
            .that()
            .resideOutsideOfPackages("..server.boundary..", "..health.boundary..", "..combiner.json..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta..", "org.eclipse.microprofile..");

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
