package io.foedus.controller.telemetry.boundary;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.telemetry.entity.Source;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;

/** Notes every quarter of a minute how this controller's process is doing, under the name of its node. */
@Singleton
@Startup
@DependsOn("Schema")
public class ControllerSamples {
    @Inject
    Telemetry telemetry;

    @Inject
    ControllerConfig config;

    @Schedule(hour = "*", minute = "*", second = "*/15", persistent = false)
    public void sample() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Object> values = new TreeMap<>();
        values.put("heapBytes", runtime.totalMemory() - runtime.freeMemory());
        values.put("heapMaxBytes", runtime.maxMemory());
        values.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            // Asked once: the load is measured since the last question.
            double load = system.getProcessCpuLoad();
            if (load >= 0) {
                values.put("cpuFraction", load);
            }
        }
        telemetry.add(Source.CONTROLLER, config.node(), values);
    }
}
