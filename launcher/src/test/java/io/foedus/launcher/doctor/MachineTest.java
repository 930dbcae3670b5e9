package io.foedus.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.agent.doctor.Finding;
import io.foedus.launcher.processes.Distribution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir
    Path directory;

    @Test
    void an_old_java_fails_and_the_remedy_names_the_version() {
        Finding finding = Machine.java(11, true);
        assertThat(finding.state()).isEqualTo(Finding.State.FAIL);
        assertThat(finding.remedy()).contains("17");
    }

    @Test
    void a_java_without_compiler_fails() {
        assertThat(Machine.java(17, false).state()).isEqualTo(Finding.State.FAIL);
        assertThat(Machine.java(17, true).state()).isEqualTo(Finding.State.OK);
    }

    @Test
    void maven_is_read_from_what_it_says_of_itself() {
        assertThat(Machine.maven("Apache Maven 3.8.7\nMaven home: x").state()).isEqualTo(Finding.State.OK);
        assertThat(Machine.maven("Apache Maven 3.6.3").state()).isEqualTo(Finding.State.WARN);
        assertThat(Machine.maven("Apache Maven 4.0.0-rc-5").state()).isEqualTo(Finding.State.OK);
        assertThat(Machine.maven("").remedy()).contains("3.8.7");
    }

    @Test
    void a_port_in_use_is_named_with_the_option_that_chooses_another() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Finding finding = Machine.port(taken.getLocalPort(), "--port");
            assertThat(finding.state()).isEqualTo(Finding.State.WARN);
            assertThat(finding.what()).contains(String.valueOf(taken.getLocalPort()));
            assertThat(finding.remedy()).contains("--port");
        }
    }

    @Test
    void an_unbuilt_distribution_and_an_unreachable_database_fail_with_a_remedy() {
        Map<String, String> environment = Map.of(
                "FOEDUS_DB_URL", "jdbc:postgresql://127.0.0.1:1/none",
                "FOEDUS_DB_USER", "nobody",
                "FOEDUS_DB_PASSWORD", "none");
        assertThat(new Machine(environment, directory, new Distribution(directory)).look())
                .filteredOn(finding -> finding.state() == Finding.State.FAIL)
                .extracting(Finding::what)
                .contains("build", "PostgreSQL");
    }
}
