package io.foedus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.foedus.protocol.v1.FederationOuterClass;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Agents and combiners of different builds meet: numbers of foedus.v1 are never reused. */
class FederationNumberingTest {
    @Test
    void messages_up_and_down_keep_their_numbers() {
        assertThat(fields("FromAgent"))
                .isEqualTo("hello=1 accepted=2 progress=3 result=4 failure=5 telemetry=6 goodbye=7");
        assertThat(fields("ToAgent")).isEqualTo("welcome=1 task=2 cancelled=3 receipt=4 reassign=5");
    }

    @Test
    void the_task_keeps_its_numbers() {
        assertThat(fields("Task"))
                .isEqualTo("task_id=1 kind=2 session_id=3 round_id=4 round_number=5 model=6 package_digest=7"
                        + " settings_json=8 deadline_millis=9");
        assertThat(fields("TaskResult"))
                .isEqualTo("task_id=1 examples=2 metrics=3 metrics_json=4 digest=5 size=6 timings=7");
        assertThat(fields("UploadChunk")).isEqualTo("task_id=1 digest=2 size=3 offset=4 data=5");
    }

    private static String fields(String message) {
        Descriptor descriptor = FederationOuterClass.getDescriptor().findMessageTypeByName(message);
        return descriptor.getFields().stream()
                .map((FieldDescriptor field) -> field.getName() + "=" + field.getNumber())
                .collect(Collectors.joining(" "));
    }
}
