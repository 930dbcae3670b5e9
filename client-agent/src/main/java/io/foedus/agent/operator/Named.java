package io.foedus.agent.operator;

import com.fasterxml.jackson.databind.JsonNode;
import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.agent.controller.ControllerClient;
import java.util.List;

/** What a person named by id or by name. */
final class Named {
    private Named() {}

    /**
     * The id of a thing.
     *
     * @param list path of the list that it is in
     * @param thing what to call it
     * @param given its id or its name; an id is taken as it is
     */
    static String id(ControllerClient controller, String list, String thing, String given) {
        if (given.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            return given;
        }
        List<JsonNode> same = controller.list(list, Integer.MAX_VALUE).stream()
                .filter(item -> item.path("name").asText().equals(given))
                .toList();
        if (same.isEmpty()) {
            throw new Failure(
                    ExitCode.NOT_FOUND,
                    "there is no " + thing + " \"" + given + "\"",
                    "`foedus " + thing + " list` shows ids and names; check --alliance too.");
        }
        if (same.size() > 1) {
            throw new Failure(
                    ExitCode.CONFLICT,
                    same.size() + " are called \"" + given + "\"",
                    "Give the id of one: "
                            + String.join(
                                    ", ",
                                    same.stream()
                                            .map(i -> i.path("id").asText())
                                            .toList()) + ".");
        }
        return same.get(0).path("id").asText();
    }
}
