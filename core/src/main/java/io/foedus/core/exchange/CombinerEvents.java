package io.foedus.core.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened at a combiner; a list that is absent is the sender's mistake. */
public record CombinerEvents(@Nullable List<CombinerEvent> events) {}
