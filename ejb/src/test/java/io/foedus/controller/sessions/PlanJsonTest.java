package io.foedus.controller.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.persistence.Json;
import io.foedus.controller.sessions.boundary.SessionView;
import io.foedus.controller.sessions.entity.PlanConverter;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.plan.Plan;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PGobject;

/** A plan keeps its form in the database and in answers from version to version. */
class PlanJsonTest {
    /** As the version before wrote it. */
    private static final String STORED = """
        {"aggregator":"trimmed-mean:0.1","best":{"goal":"MIN","metric":"loss"},"bufferSize":0,\
        "deadlineSeconds":120.5,"keepUpdates":true,"maxStaleness":10,"minClients":3,"minWaitSeconds":5.0,\
        "mode":"DEADLINE","optimizer":"fedadam:lr=0.01","overSelection":1.3,"retries":7,"rounds":30,\
        "selection":{"kind":"RANDOM","labels":{"site":"a"},"seed":9007199254740993},\
        "settings":{"deep":{"list":[1,2.5,"y",true,null]},"epochs":3,"learning_rate":0.1,"momentum":1.0,\
        "name":"x","nothing":null},"stalenessExponent":0.5,"stop":{"goal":"MAX","metric":"accuracy",\
        "minDelta":0.001,"patience":3},"targetClients":8,"validateEvery":2,"validateFraction":0.25}\
        """;

    @Test
    void what_an_older_version_stored_is_written_again_as_it_was() {
        PlanConverter converter = new PlanConverter();
        Plan plan = converter.convertToEntityAttribute(STORED);
        assertThat(plan.best()).contains(new Plan.Best("loss", Plan.Goal.MIN));
        String again = ((PGobject) converter.convertToDatabaseColumn(plan)).getValue();
        assertThat(Json.object(again)).isEqualTo(Json.object(STORED));
        assertThat(again)
                .as("a fraction stays one")
                .contains("\"momentum\":1.0")
                .contains("\"epochs\":3,");
        assertThat(PlanConverter.read(again)).isEqualTo(plan);
    }

    @Test
    void an_answer_shows_the_plan_by_its_keys() {
        Plan plan = Plan.read(Map.of("rounds", 3));
        SessionView view = new SessionView(
                null,
                null,
                null,
                "s",
                SessionState.CREATED,
                plan,
                null,
                null,
                null,
                null,
                null,
                null,
                3,
                0,
                false,
                null,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                Instant.EPOCH,
                null,
                null);
        assertThat(Json.object(Json.write(view)).get("plan")).isEqualTo(Json.object(Json.write(plan.toMap())));
        assertThat(Json.write(view)).contains("\"mode\":\"SYNCHRONOUS\"").doesNotContain("\"stop\"");
    }
}
