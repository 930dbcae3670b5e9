package io.foedus.combiner.fedn.boundary;

import io.foedus.combiner.agents.boundary.Patience;
import io.foedus.combiner.agents.control.AgentRegistry;
import io.foedus.combiner.agents.control.Attendance;
import io.foedus.combiner.collection.control.Collections;
import io.foedus.combiner.spool.control.Uploads;
import io.foedus.combiner.uplink.control.Notices;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.List;

/** What a FEDn client finds on the combiner's port. */
public final class FednServices {
    private FednServices() {}

    public static List<ServerServiceDefinition> of(
            FednClients clients,
            AgentRegistry registry,
            Attendance attendance,
            Collections collections,
            Uploads uploads,
            Notices notices,
            Patience patience) {
        return List.of(
                ServerInterceptors.intercept(
                        new FednConnector(clients, registry, collections, notices), clients.door()),
                ServerInterceptors.intercept(
                        new FednCombiner(clients, registry, attendance, collections, uploads, notices), clients.door()),
                ServerInterceptors.intercept(
                        new FednModels(clients, collections, uploads, notices, patience), clients.door()),
                new HealthStatusManager().getHealthService().bindService());
    }
}
