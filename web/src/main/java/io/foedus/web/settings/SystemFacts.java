package io.foedus.web.settings;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.web.desk.Desk;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Map;
import java.util.TreeMap;

/** The controller that answers, as its administrators see it. */
@Named
@RequestScoped
public class SystemFacts {
    @Inject
    Desk desk;

    @Inject
    ControllerConfig config;

    /** What runs here, in words; without secrets. */
    public Map<String, Object> all() {
        Map<String, Object> facts = new TreeMap<>();
        facts.put("Foedus", desk.getVersion());
        facts.put("Node", config.node());
        facts.put("Java", Runtime.version().toString());
        facts.put("Data directory", config.data());
        facts.put("Combiners: heartbeat", config.combiners().heartbeat().toSeconds() + " s");
        facts.put("Combiners: lease", config.combiners().lease().toSeconds() + " s");
        facts.put("Events are kept", config.retention().events().toDays() + " days");
        facts.put("Telemetry is kept", config.retention().telemetry().toHours() + " h");
        facts.put("Largest package", (config.limits().packageBytes() >> 20) + " MiB");
        facts.put("Reducing", config.reduce().threads() + " threads");
        return facts;
    }
}
