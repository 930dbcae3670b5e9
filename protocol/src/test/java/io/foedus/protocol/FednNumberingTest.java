package io.foedus.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.foedus.protocol.fedn.Fedn;
import org.junit.jupiter.api.Test;

/** The numbers that FEDn 0.33's own client puts on the wire; changing one breaks every deployed client. */
class FednNumberingTest {
    private static final FileDescriptor FEDN = Fedn.getDescriptor();

    @Test
    void services_have_the_paths_that_the_client_calls() {
        assertThat(FEDN.getPackage()).isEqualTo("fedn");
        assertThat(FEDN.findServiceByName("Connector").findMethodByName("SendHeartbeat"))
                .isNotNull();
        assertThat(FEDN.findServiceByName("Combiner")
                        .findMethodByName("TaskStream")
                        .isServerStreaming())
                .isTrue();
        assertThat(FEDN.findServiceByName("ModelService")
                        .findMethodByName("Upload")
                        .isClientStreaming())
                .isTrue();
    }

    @Test
    void roles_and_statuses_are_those_of_version_0_33() {
        assertThat(FEDN.findEnumTypeByName("Role").findValueByName("COMBINER").getNumber())
                .isEqualTo(2);
        assertThat(FEDN.findEnumTypeByName("Role").findValueByName("CLIENT").getNumber())
                .isEqualTo(1);
        assertThat(FEDN.findEnumTypeByName("LogLevel").findValueByName("AUDIT").getNumber())
                .isEqualTo(5);
        assertThat(FEDN.findEnumTypeByName("ModelStatus")
                        .findValueByName("UNKNOWN")
                        .getNumber())
                .isEqualTo(4);
    }

    @Test
    void fields_keep_their_numbers() {
        assertThat(number("TaskRequest", "session_id")).isEqualTo(8);
        assertThat(number("TaskRequest", "type")).isEqualTo(9);
        assertThat(number("ModelUpdate", "model_update_id")).isEqualTo(4);
        assertThat(number("ModelUpdate", "meta")).isEqualTo(7);
        assertThat(number("ModelValidation", "session_id")).isEqualTo(8);
        assertThat(number("ModelPrediction", "prediction_id")).isEqualTo(8);
        assertThat(number("Client", "client_id")).isEqualTo(3);
        assertThat(number("ModelRequest", "data")).isEqualTo(3);
        assertThat(number("ModelResponse", "message")).isEqualTo(4);
    }

    private static int number(String message, String field) {
        return FEDN.findMessageTypeByName(message).findFieldByName(field).getNumber();
    }
}
