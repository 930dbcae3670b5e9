package io.foedus.combiner.federation.boundary;

import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.Attendance;
import io.foedus.combiner.agents.control.Openings;
import io.foedus.combiner.agents.control.TicketCheck;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.configuration.CombinerConfig;
import io.foedus.combiner.uplink.control.Notices;
import io.foedus.combiner.uplink.control.Uplink;
import java.time.Clock;
import java.util.function.BooleanSupplier;

/**
 * What a work stream needs to take an agent in.
 *
 * @param patience with agents that do nothing where something is waited for
 * @param openings how often a client may open a stream
 * @param draining whether agents are being sent away
 */
public record Reception(
        CombinerConfig config,
        Uplink uplink,
        AgentRegistry registry,
        Attendance attendance,
        TicketCheck tickets,
        Collections collections,
        Notices notices,
        Patience patience,
        Openings openings,
        Clock clock,
        BooleanSupplier draining) {}
