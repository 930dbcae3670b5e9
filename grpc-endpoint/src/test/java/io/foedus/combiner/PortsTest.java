package io.foedus.combiner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;

class PortsTest {
    /** The in-memory controller of the tests is the second implementation of its port. */
    @Test
    void no_interface_has_exactly_one_implementation() {
        JavaClasses everything = new ClassFileImporter().importPackages("io.foedus.combiner");
        classes()
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
                .allowEmptyShould(true)
                .check(everything);
    }
}
