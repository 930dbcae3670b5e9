package io.foedus.agent.attendance;

import com.sun.management.OperatingSystemMXBean;
import io.foedus.protocol.v1.Telemetry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the machine and this agent use, for people to see. */
final class MachineLoad {
    private static final Path STATUS = Path.of("/proc/self/status");

    private MachineLoad() {}

    /** The present load. */
    static Telemetry telemetry(String activity) {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        double cpu = machine.getCpuLoad();
        long total = machine.getTotalMemorySize();
        Telemetry.Builder telemetry = Telemetry.newBuilder()
                .setCpuFraction(cpu >= 0 && cpu <= 1 ? cpu : 0)
                .setMemoryBytes(resident())
                .setState(activity)
                .putValues("processors", machine.getAvailableProcessors());
        if (total > 0) {
            telemetry.putValues("memory_fraction", (total - machine.getFreeMemorySize()) / (double) total);
        }
        return telemetry.build();
    }

    private static long resident() {
        try {
            List<String> lines = Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1);
            return lines.stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }
}
