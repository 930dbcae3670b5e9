package io.foedus.controller.rounds.control;

import io.foedus.controller.participation.boundary.UpdateView;
import io.foedus.controller.rounds.entity.Share;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a round is made of: what is folded, what is summed up and what is signed are all drawn from this.
 *
 * @param shares the reported training shares that have updates, by id
 * @param inputs the updates that these reports accepted, in the order of client ids
 */
record Counted(List<Share> shares, List<UpdateView> inputs) {
    long examples() {
        return inputs.stream().mapToLong(UpdateView::examples).sum();
    }

    /** What each combiner's inputs weigh together. */
    Map<UUID, Double> weights() {
        return inputs.stream()
                .collect(Collectors.groupingBy(UpdateView::combiner, Collectors.summingDouble(UpdateView::weight)));
    }
}
