package io.foedus.combiner.uplink.entity;

import java.util.SortedMap;

/** How a combiner introduces itself. */
public record Self(
        String name,
        String host,
        int port,
        boolean tls,
        int capacity,
        SortedMap<String, String> labels,
        String program) {}
