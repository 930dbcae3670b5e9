package io.foedus.core.aggregation;

import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a fold reads.
 *
 * @param contributions in fold order
 * @param layout of the model
 * @param partial how a partial of the rule looks that is a sum
 * @param sums which of the contributions are such partials
 */
@SuppressWarnings("ArrayRecordComponent")
record FoldInputs(
        List<Contribution> contributions,
        Optional<ModelFile> base,
        ModelLayout layout,
        PartialLayout partial,
        boolean[] sums) {
    /** @throws FoldException if a layout is neither the model's nor, among partials of sums, that of such a partial */
    static FoldInputs of(Aggregator rule, Tier tier, List<Contribution> ordered, Optional<ModelFile> base)
            throws FoldException {
        ModelLayout layout = base.orElse(ordered.get(0).model()).layout();
        PartialLayout partial = PartialLayout.of(layout, rule.integers());
        boolean[] sums = new boolean[ordered.size()];
        if (tier == Tier.PARTIALS && base.isEmpty() && PartialLayout.looksLikeOne(layout)) {
            throw new FoldException("partials that are sums need the global model, whose dtypes the result has");
        }
        for (int i = 0; i < sums.length; i++) {
            Contribution contribution = ordered.get(i);
            sums[i] = tier == Tier.PARTIALS
                    && rule.partials() == PartialRule.EXACT
                    && partial.layout().equals(contribution.model().layout());
            if (!sums[i]) {
                check(layout, "contribution " + contribution.id(), contribution.model());
            } else if (contribution.model().deflated()) {
                throw new FoldException("contribution " + contribution.id() + " is a deflated partial: store it");
            }
            if (contribution.origin().isPresent()) {
                check(
                        layout,
                        "the origin of contribution " + contribution.id(),
                        contribution.origin().get());
            }
        }
        return new FoldInputs(ordered, base, layout, partial, sums);
    }

    private static void check(ModelLayout expected, String what, ModelFile found) throws FoldException {
        Optional<String> difference = expected.firstDifference(found.layout());
        if (difference.isPresent()) {
            throw new FoldException(what + " has another layout: " + difference.get());
        }
    }

    /** The files that have the model's layout. */
    List<ModelFile> models() {
        List<ModelFile> files = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            if (!sums[i]) {
                files.add(contributions.get(i).model());
            }
            contributions.get(i).origin().ifPresent(files::add);
        }
        base.ifPresent(files::add);
        return files;
    }
}
