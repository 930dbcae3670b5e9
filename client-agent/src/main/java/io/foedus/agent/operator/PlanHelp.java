package io.foedus.agent.operator;

import io.foedus.core.plan.PlanKey;
import java.util.ListResourceBundle;

/** What the options of a plan mean: {@code plan.rounds} has the words of {@link PlanKey#ROUNDS}. */
public final class PlanHelp extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
        return PlanKey.ALL.stream()
                .map(key -> new Object[] {"plan." + key.name(), key.help()})
                .toArray(Object[][]::new);
    }
}
