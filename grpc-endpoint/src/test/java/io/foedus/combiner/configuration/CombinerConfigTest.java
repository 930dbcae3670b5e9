package io.foedus.combiner.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CombinerConfigTest {
    @Test
    void defaults_are_those_of_the_documentation() {
        assertThat(read(Map.of()))
                .isEqualTo(new CombinerConfig(
                        "combiner",
                        "127.0.0.1",
                        12080,
                        "127.0.0.1",
                        0,
                        URI.create("http://127.0.0.1:8080"),
                        Optional.empty(),
                        Path.of(".foedus/combiner"),
                        1000,
                        64,
                        new TreeMap<>(),
                        256L << 20,
                        8L << 30,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(45),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        4_096,
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        false,
                        true));
    }

    @Test
    void every_key_is_read() {
        assertThat(read(Map.ofEntries(
                        Map.entry("name", "north"),
                        Map.entry("bind", "10.0.0.1"),
                        Map.entry("port", "443"),
                        Map.entry("advertised-host", "north.example.org"),
                        Map.entry("advertised-port", "8443"),
                        Map.entry("controller-url", "https://controller.example.org/"),
                        Map.entry("join-token-file", "/run/secrets/join"),
                        Map.entry("spool-dir", "/var/spool/foedus"),
                        Map.entry("capacity", "7"),
                        Map.entry("concurrent-uploads", "3"),
                        Map.entry("labels", "region=eu, site = north"),
                        Map.entry("spool-reserve-bytes", "1"),
                        Map.entry("model-cache-bytes", "2"),
                        Map.entry("detach-grace-millis", "3"),
                        Map.entry("client-lease-seconds", "60"),
                        Map.entry("heartbeat-seconds", "20"),
                        Map.entry("transfer-idle-seconds", "30"),
                        Map.entry("upload-bytes-per-second", "5"),
                        Map.entry("tls-certificate", "/tls/chain.pem"),
                        Map.entry("tls-key", "/tls/key.pem"),
                        Map.entry("fedn", "false"),
                        Map.entry("fedn-plaintext", "true"),
                        Map.entry("fedn-local", "false"))))
                .isEqualTo(new CombinerConfig(
                        "north",
                        "10.0.0.1",
                        443,
                        "north.example.org",
                        8443,
                        URI.create("https://controller.example.org"),
                        Optional.of(Path.of("/run/secrets/join")),
                        Path.of("/var/spool/foedus"),
                        7,
                        3,
                        new TreeMap<>(Map.of("region", "eu", "site", "north")),
                        1,
                        2,
                        Duration.ofMillis(3),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(30),
                        5,
                        Optional.of(Path.of("/tls/chain.pem")),
                        Optional.of(Path.of("/tls/key.pem")),
                        false,
                        true,
                        false));
    }

    @Test
    void all_breaches_are_reported_at_once_by_key() {
        assertThatThrownBy(() -> read(Map.of(
                        "port", "70000",
                        "capacity", "many",
                        "controller-url", "ftp://x",
                        "labels", "north",
                        "fedn", "yes",
                        "client-lease-seconds", "5",
                        "tls-key", "/k")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("foedus.combiner.port must be a whole number from 0 to 65535, not '70000'")
                .hasMessageContaining("foedus.combiner.capacity must be")
                .hasMessageContaining("foedus.combiner.controller-url must be a http or https address")
                .hasMessageContaining("'north' is not a pair")
                .hasMessageContaining("foedus.combiner.fedn must be true or false")
                .hasMessageContaining("at least twice foedus.combiner.heartbeat-seconds")
                .hasMessageContaining("only one is set");
    }

    private static CombinerConfig read(Map<String, String> keys) {
        return ConfigReader.read(key -> Optional.ofNullable(keys.get(key.substring("foedus.combiner.".length()))));
    }
}
