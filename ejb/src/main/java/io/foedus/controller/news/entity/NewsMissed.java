package io.foedus.controller.news.entity;

import java.time.Instant;

/** The connection that listens was broken until now: anything may have changed. */
public record NewsMissed(Instant until) {}
