package io.foedus.core.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.json.Json;
import io.foedus.core.models.Digest;
import io.foedus.core.plan.Plan;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Manifest manifest(int round, Optional<Digest> previous, List<Input> inputs) {
        return new Manifest(
                "north",
                "0193-session",
                round,
                digest("model" + round),
                round == 0 ? Optional.empty() : Optional.of(digest("model" + (round - 1))),
                inputs,
                Map.of("combiner-b", digest("pb"), "combiner-a", digest("pa")),
                "mean",
                "plain",
                Map.of("rounds", "5"),
                Optional.of(digest("package")),
                Long.MIN_VALUE + 1,
                previous);
    }

    private static List<Input> inputs() {
        return new ArrayList<>(List.of(
                new Input("client-2", "combiner-a", digest("u2"), 20, 20),
                new Input("client-1", "combiner-b", digest("u1"), 10, 0.1)));
    }

    @Test
    void equal_manifests_have_equal_bytes_whatever_order_their_parts_came_in() {
        List<Input> inputs = inputs();
        Manifest one = manifest(1, Optional.of(digest("before")), inputs);
        Collections.reverse(inputs);
        assertThat(manifest(1, Optional.of(digest("before")), inputs).bytes()).isEqualTo(one.bytes());
        assertThat(Manifest.parse(one.bytes())).isEqualTo(one);
        assertThat(new String(one.bytes(), StandardCharsets.UTF_8))
                .startsWith("{\"aggregator\":\"mean\",\"alliance\":\"north\",\"inputs\":[{\"client\":\"client-1\"")
                .contains("\"weight\":0.1")
                .contains("\"selectionSeed\":\"-9223372036854775807\"");
    }

    @Test
    void a_chain_holds_until_a_link_is_changed_dropped_or_forged() {
        List<Manifest> chain = new ArrayList<>();
        Optional<Digest> previous = Optional.empty();
        for (int round = 0; round < 4; round++) {
            Manifest manifest = manifest(round, previous, inputs());
            chain.add(manifest);
            previous = Optional.of(manifest.hash());
        }
        assertThat(ManifestChain.firstBreak(chain)).isEmpty();
        assertThat(ManifestChain.firstBreak(List.of())).isEmpty();
        List<Manifest> dropped = List.of(chain.get(0), chain.get(2), chain.get(3));
        assertThat(ManifestChain.firstBreak(dropped))
                .hasValueSatisfying(text -> assertThat(text).contains("round 2"));
        List<Manifest> changed = new ArrayList<>(chain);
        changed.set(1, manifest(1, chain.get(1).previous(), List.of()));
        assertThat(ManifestChain.firstBreak(changed))
                .hasValueSatisfying(text -> assertThat(text).contains("round 2"));
        Manifest stranger = new Manifest(
                "north",
                "s",
                1,
                digest("x"),
                Optional.of(digest("other")),
                List.of(),
                Map.of(),
                "mean",
                "plain",
                Map.of(),
                Optional.empty(),
                0,
                Optional.of(chain.get(0).hash()));
        assertThat(ManifestChain.firstBreak(List.of(chain.get(0), stranger)))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("names a parent that is not the model before it"));
    }

    @Test
    void a_signature_is_good_for_one_manifest_and_one_key_only() {
        KeyPair keys = Signatures.newKeys();
        Manifest manifest = manifest(1, Optional.empty(), inputs());
        byte[] signature = Signatures.sign(manifest, Signatures.privateKey(Signatures.text(keys.getPrivate())));
        assertThat(signature).isEqualTo(Signatures.sign(manifest, keys.getPrivate()));
        assertThat(Signatures.verify(manifest, signature, Signatures.publicKey(Signatures.text(keys.getPublic()))))
                .isTrue();
        assertThat(Signatures.verify(manifest(2, Optional.empty(), inputs()), signature, keys.getPublic()))
                .isFalse();
        assertThat(Signatures.verify(manifest, signature, Signatures.newKeys().getPublic()))
                .isFalse();
        assertThat(Signatures.verify(manifest, new byte[3], keys.getPublic())).isFalse();
        assertThatThrownBy(() -> Signatures.publicKey("AAAA")).hasMessageContaining("not an Ed25519 public key");
    }

    @Test
    void a_manifest_of_another_version_is_refused() {
        assertThatThrownBy(() -> Manifest.parse("{\"version\":3}".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("the manifest has version 3, known are 1 to 2");
    }

    @Test
    void a_plan_is_signed_whole_and_read_as_it_was_written() {
        Map<String, Object> plan = Map.of(
                "rounds",
                5,
                "stalenessExponent",
                new BigDecimal("1.0"),
                "deadlineSeconds",
                0.1,
                "selection",
                Map.of("kind", "ATTRIBUTE", "labels", Map.of("site", "a", "scanner", "b"), "seed", -7L),
                "settings",
                Map.of("epochs", List.of(1, 2.5, "x")));
        Manifest written = new Manifest(
                "north",
                "s",
                1,
                digest("m"),
                Optional.of(digest("b")),
                inputs(),
                Map.of(),
                "mean",
                "plain",
                plan,
                Optional.empty(),
                1,
                Optional.empty());
        Manifest read = Manifest.parse(written.bytes());
        assertThat(read).isEqualTo(written);
        assertThat(read.bytes()).isEqualTo(written.bytes());
        assertThat(new String(read.bytes(), StandardCharsets.UTF_8))
                .contains("\"labels\":{\"scanner\":\"b\",\"site\":\"a\"}")
                .contains("\"version\":2");
    }

    @Test
    void a_manifest_of_the_first_version_keeps_its_bytes_and_its_signature() throws Exception {
        byte[] old = resource("first-version.manifest").readAllBytes();
        byte[] signature =
                Base64.getDecoder().decode(resource("first-version.signature").readAllBytes());
        PublicKey key =
                Signatures.publicKey(new String(resource("first-version.key").readAllBytes(), StandardCharsets.UTF_8));
        Manifest manifest = Manifest.parse(old);
        assertThat(manifest.version()).isEqualTo(1);
        assertThat(manifest.bytes()).isEqualTo(old);
        assertThat(Signatures.verify(manifest, signature, key)).isTrue();
        assertThat(manifest.plan()).containsEntry("targetClients", "1000000");
    }

    @Test
    void a_manifest_of_the_second_version_keeps_its_bytes_its_signature_and_its_plan() throws Exception {
        byte[] old = resource("second-version.manifest").readAllBytes();
        byte[] signature =
                Base64.getDecoder().decode(resource("second-version.signature").readAllBytes());
        PublicKey key =
                Signatures.publicKey(new String(resource("second-version.key").readAllBytes(), StandardCharsets.UTF_8));
        Manifest manifest = Manifest.parse(old);
        assertThat(manifest.version()).isEqualTo(2);
        assertThat(manifest.bytes()).isEqualTo(old);
        assertThat(Signatures.verify(manifest, signature, key)).isTrue();
        Plan plan = Plan.stored(manifest.plan());
        assertThat(plan.best()).contains(new Plan.Best("loss", Plan.Goal.MIN));
        assertThat(Json.canonical(plan.toMap())).isEqualTo(Json.canonical(manifest.plan()));
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ManifestTest.class.getResourceAsStream(name), name);
    }
}
