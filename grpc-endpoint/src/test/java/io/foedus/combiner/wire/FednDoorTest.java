package io.foedus.combiner.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.foedus.combiner.local.LocalFederation;
import io.foedus.combiner.server.boundary.CombinerServer;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What FEDn's clients have to show, on real sockets: over TLS, and from another machine. */
class FednDoorTest {
    private static final String SECRET = "not secret";

    @TempDir
    Path dir;

    @Test
    void over_tls_each_call_needs_a_token_that_counts_even_from_this_machine() throws Exception {
        Path chain = dir.resolve("chain.pem");
        Path key = dir.resolve("key.pem");
        certify(chain, key);
        Map<String, String> settings = Map.of(
                "foedus.combiner.port",
                "0",
                "foedus.combiner.fedn-plaintext",
                "true",
                "foedus.combiner.tls-certificate",
                chain.toString(),
                "foedus.combiner.tls-key",
                key.toString());
        try (LocalFederation federation = FednCaller.federation(dir, settings);
                CombinerServer server = FednCaller.serve(federation, settings)) {
            ManagedChannel channel = Grpc.newChannelBuilder(
                            "127.0.0.1:" + server.port(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(chain.toFile())
                                    .build())
                    .build();
            try {
                String missing = "UNAUTHENTICATED: Token is missing: with TLS each call needs a join token";
                assertThat(FednCaller.heartbeat(channel, null)).isEqualTo(missing);
                assertThat(FednCaller.tasks(channel, null)).isEqualTo(missing);
                assertThat(FednCaller.heartbeat(channel, "nonsense")).startsWith("UNAUTHENTICATED: Invalid token");
                assertThat(FednCaller.heartbeat(channel, FednCaller.TOKEN)).isEqualTo("OK");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void from_another_machine_nothing_opens_without_a_token() throws Exception {
        assumeTrue(TwoMachines.possible(), "no right to make network namespaces here");

        List<String> seen = TwoMachines.talk(dir, false);

        assertThat(seen.get(0)).startsWith("far without a token: UNAUTHENTICATED: Token is missing");
        assertThat(seen.get(1)).startsWith("far, tasks without a token: UNAUTHENTICATED: Token is missing");
        assertThat(seen.get(2)).startsWith("far with a wrong token: UNAUTHENTICATED: Invalid token");
        assertThat(seen.get(3)).isEqualTo("far with the token: OK");
    }

    @Test
    void from_another_machine_an_id_is_enough_only_where_the_operator_has_said_so() throws Exception {
        assumeTrue(TwoMachines.possible(), "no right to make network namespaces here");

        List<String> seen = TwoMachines.talk(dir, true);

        assertThat(seen.get(0)).isEqualTo("far without a token: OK");
        assertThat(seen.get(1)).startsWith("far, tasks without a token: DEADLINE_EXCEEDED");
        assertThat(seen.get(2)).startsWith("far with a wrong token: UNAUTHENTICATED: Invalid token");
        assertThat(seen.get(3)).isEqualTo("far with the token: OK");
    }

    /** A certificate of 127.0.0.1 and its key, signed by itself. */
    private void certify(Path chain, Path key) throws Exception {
        Path store = dir.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        run(
                keytool.toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                SECRET,
                "-alias",
                "combiner",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=combiner",
                "-ext",
                "san=ip:127.0.0.1");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, SECRET.toCharArray());
        }
        pem(chain, "CERTIFICATE", keys.getCertificate("combiner").getEncoded());
        pem(key, "PRIVATE KEY", keys.getKey("combiner", SECRET.toCharArray()).getEncoded());
    }

    private static void pem(Path file, String what, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0)
                .as(String.join(" ", command))
                .isTrue();
    }
}
