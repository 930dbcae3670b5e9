package io.foedus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.foedus.protocol.v1.FederationOuterClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Agents and combiners of different releases meet: names, numbers, types and calls of foedus.v1 stay what they were in
 * the last one. {@code foedus.v1.txt} is the contract of that release; a release replaces it by
 * {@code target/foedus.v1.txt}.
 */
class ContractTest {
    private static final FileDescriptor NOW = FederationOuterClass.getDescriptor();

    @Test
    void what_the_last_release_says_is_still_said() throws IOException {
        List<String> now = lines(NOW);
        Files.write(Path.of("target/foedus.v1.txt"), now);

        assertThat(now).containsAll(stored());
    }

    private static List<String> stored() throws IOException {
        try (InputStream text = ContractTest.class.getResourceAsStream("foedus.v1.txt")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<String> lines(FileDescriptor file) {
        List<String> lines = new ArrayList<>();
        file.getMessageTypes().forEach(message -> addMessage("", message, lines));
        file.getEnumTypes().forEach(type -> addEnum("", type, lines));
        file.getServices().forEach(service -> addService(service, lines));
        return lines;
    }

    private static void addMessage(String outer, Descriptor message, List<String> lines) {
        String name = outer + message.getName();
        if (message.getFields().isEmpty()) {
            lines.add("message " + name);
        }
        for (FieldDescriptor field : message.getFields()) {
            lines.add(name + "." + field.getName() + "=" + field.getNumber() + " " + type(field));
        }
        message.getNestedTypes().forEach(nested -> addMessage(name + "/", nested, lines));
        message.getEnumTypes().forEach(type -> addEnum(name + "/", type, lines));
    }

    private static String type(FieldDescriptor field) {
        String kind = switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
        String oneof = field.getRealContainingOneof() == null
                ? ""
                : " in " + field.getRealContainingOneof().getName();
        return (field.isRepeated() ? "repeated " : "") + kind + oneof;
    }

    private static void addEnum(String outer, EnumDescriptor type, List<String> lines) {
        type.getValues()
                .forEach(value -> lines.add(outer + type.getName() + "." + value.getName() + "=" + value.getNumber()));
    }

    private static void addService(ServiceDescriptor service, List<String> lines) {
        service.getMethods()
                .forEach(call -> lines.add("call " + service.getName() + "/" + call.getName() + ": "
                        + (call.isClientStreaming() ? "stream " : "")
                        + call.getInputType().getName() + " -> " + (call.isServerStreaming() ? "stream " : "")
                        + call.getOutputType().getName()));
    }
}
