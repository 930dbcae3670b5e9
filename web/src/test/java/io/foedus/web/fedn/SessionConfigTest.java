package io.foedus.web.fedn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foedus.core.plan.InvalidPlanException;
import io.foedus.core.plan.Plan;
import io.foedus.core.round.RoundMode;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionConfigTest {
    private static JsonObject json(String text) {
        return Json.createReader(new StringReader(text.replace('\'', '"'))).readObject();
    }

    private static Plan plan(String config) {
        return Plan.read(SessionConfig.plan(json(config)));
    }

    @Test
    void what_FEDn_leaves_out_has_FEDns_defaults() {
        Plan plan = plan("{}");
        assertThat(plan.rounds()).isEqualTo(5);
        assertThat(plan.deadlineSeconds()).isEqualTo(180);
        assertThat(plan.minWaitSeconds()).isEqualTo(180);
        assertThat(plan.minClients()).isEqualTo(1);
        assertThat(plan.targetClients()).isEqualTo(1);
        assertThat(plan.keepUpdates()).isFalse();
        assertThat(plan.optimizer()).isEqualTo("plain");
    }

    @Test
    void a_configuration_comes_back_as_it_was_given() {
        Plan plan = plan("{'rounds': '7', 'clients_required': 2, 'requested_clients': 3, 'round_timeout': 60,"
                + " 'buffer_size': 4, 'validate': false, 'delete_models_storage': false}");
        assertThat(plan.mode()).isEqualTo(RoundMode.BUFFERED);
        assertThat(SessionConfig.document(plan, "m").json())
                .containsAllEntriesOf(json("{'rounds': 7, 'clients_required': 2, 'requested_clients': 3,"
                        + " 'round_timeout': 60, 'buffer_size': 4, 'validate': false, 'delete_models_storage': false,"
                        + " 'model_id': 'm', 'client_settings': {}}"));
    }

    @Test
    void all_breaches_are_told_in_FEDns_words() {
        Map<String, Object> plan = SessionConfig.plan(
                json("{'rounds': 0, 'clients_required': 0, 'requested_clients': 0, 'round_timeout': 0}"));
        assertThatThrownBy(() -> Plan.read(plan))
                .isInstanceOfSatisfying(
                        InvalidPlanException.class,
                        e -> assertThat(SessionConfig.inFednsWords(e.problems()))
                                .contains("rounds must be from 1", "clients_required must be from 1")
                                .contains("round_timeout must be from 1 s", "not 0 s.")
                                .doesNotContain("minClients", "deadlineSeconds"));
    }
}
