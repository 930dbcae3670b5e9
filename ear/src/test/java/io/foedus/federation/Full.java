package io.foedus.federation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs with {@code -Pfull} only, as it takes minutes or shows nothing that a shorter test does not show too. */
@EnabledIfSystemProperty(named = "full", matches = "true", disabledReason = "runs with -Pfull")
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Full {}
