package io.foedus.controller.sessions.boundary;

import io.foedus.core.plan.Plan;
import jakarta.json.bind.adapter.JsonbAdapter;
import java.util.Map;

/** A plan in what the API gives out. */
public class PlanAdapter implements JsonbAdapter<Plan, Map<String, Object>> {
    @Override
    public Map<String, Object> adaptToJson(Plan plan) {
        return plan.toMap();
    }

    @Override
    public Plan adaptFromJson(Map<String, Object> members) {
        return Plan.stored(members);
    }
}
