package io.foedus.core.exchange;

/** The alliance that a shown join token opens. */
public record KnownAlliance(String alliance) {}
