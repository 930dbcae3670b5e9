package io.foedus.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.ejb.Singleton;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.OffsetDateTime;

@AnalyzeClasses(packages = "io.foedus.controller", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.foedus.controller.";

    @ArchTest
    static final ArchRule only_boundaries_open_transactions = noClasses()
            .that()
            .resideOutsideOfPackages("..boundary..", "..persistence..")
            .should()
            .beAnnotatedWith(Stateless.class)
            .orShould()
            .beAnnotatedWith(Singleton.class)
            .orShould()
            .beAnnotatedWith(Transactional.class)
            .orShould()
            .beAnnotatedWith(TransactionAttribute.class);

    @ArchTest
    static final ArchRule entities_do_not_know_boundaries_or_control = noClasses()
            .that()
            .resideInAPackage("..entity..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..controller..boundary..", "..controller..control..");

    @ArchTest
    static final ArchRule control_does_not_call_its_boundary = noClasses()
            .that()
            .resideInAPackage("io.foedus.controller.*.control..")
            .should(new ArchCondition<JavaClass>("depend on the boundary of its own component") {
                @Override
                public void check(JavaClass from, ConditionEvents events) {
                    from.getDirectDependenciesFromSelf().stream()
                            .filter(use -> use.getTargetClass()
                                    .getPackageName()
                                    .startsWith(ROOT + component(from) + ".boundary"))
                            .forEach(use -> events.add(SimpleConditionEvent.satisfied(use, use.getDescription())));
                }
            })
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule other_components_enter_through_boundary_or_entity = classes()
            .that()
            .resideInAPackage("..control..")
            .should(new ArchCondition<JavaClass>("be used only inside their component") {
                @Override
                public void check(JavaClass control, ConditionEvents events) {
                    control.getDirectDependenciesToSelf().stream()
                            .filter(use -> !component(use.getOriginClass()).equals(component(control)))
                            .forEach(use -> events.add(SimpleConditionEvent.violated(use, use.getDescription())));
                }
            })
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule components_are_acyclic =
            slices().matching("io.foedus.controller.(*)..").should().beFreeOfCycles();

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

    @ArchTest
    static final ArchRule no_interface_has_exactly_one_implementation = classes()
            .that()
            .areInterfaces()
            .and(DescribedPredicate.not(DescribedPredicate.describe(
                    "functional, or annotations",
                    (JavaClass type) -> type.isAnnotation() || type.isAnnotatedWith(FunctionalInterface.class))))
            .should(new ArchCondition<JavaClass>("have none or several implementations") {
                @Override
                public void check(JavaClass port, ConditionEvents events) {
                    if (port.getAllSubclasses().size() == 1) {
                        events.add(SimpleConditionEvent.violated(port, port.getName() + " has one implementation"));
                    }
                }
            })
            .allowEmptyShould(true);

    private static String component(JavaClass type) {
        String name = type.getPackageName();
        return name.length() <= ROOT.length()
                ? ""
                : name.substring(ROOT.length()).split("\\.")[0];
    }
}
