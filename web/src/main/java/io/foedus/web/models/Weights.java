package io.foedus.web.models;

import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.models.Difference;
import io.foedus.web.charts.Chart;
import io.foedus.web.charts.Series;
import io.foedus.web.desk.Desk;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far the weights of the two models on the model page are apart. Small models at once, large ones on demand. */
@Named
@RequestScoped
public class Weights {
    private static final long AT_ONCE_BYTES = 64_000_000;

    @Inject
    Desk desk;

    @Inject
    Models models;

    @Inject
    ModelPage page;

    private boolean asked;
    private List<Tensor> tensors;
    private String refusal;

    /**
     * One tensor of both models.
     *
     * @param norm of this model's values (Euclidean)
     * @param distance norm of the difference
     * @param relative distance as a share of the norm, null if the norm is nought
     * @param largest largest absolute difference of an element
     * @param changed share of the elements that differ
     */
    public record Tensor(
            String name,
            String type,
            String shape,
            double norm,
            double distance,
            Double relative,
            double largest,
            double changed) {
        static Tensor of(Difference.OfTensor tensor) {
            double norm = Math.sqrt(tensor.squaresOfFirst());
            double distance = Math.sqrt(tensor.squares());
            long elements = Math.max(1, tensor.spec().elements());
            return new Tensor(
                    tensor.spec().name(),
                    tensor.spec().dtype().toString().toLowerCase(Locale.ROOT),
                    tensor.spec().shape().toString(),
                    norm,
                    distance,
                    norm == 0 ? null : Double.valueOf(distance / norm),
                    tensor.largest(),
                    (double) tensor.differing() / elements);
        }
    }

    /** Whether somebody has to ask for the comparison, because it reads much. */
    public boolean isHeld() {
        return !asked && page.facts().model().size() > AT_ONCE_BYTES;
    }

    /** The tensors in the order of the file; empty if the models cannot be compared, which {@link #refusal} says. */
    public List<Tensor> tensors() {
        if (tensors == null) {
            try {
                tensors = models.difference(desk.actor(), page.getId(), page.getWith()).tensors().stream()
                        .map(Tensor::of)
                        .toList();
            } catch (Refusal e) {
                refusal = e.getMessage();
                tensors = List.of();
            }
        }
        return tensors;
    }

    public String refusal() {
        tensors();
        return refusal;
    }

    public String getChart() {
        return Chart.steps(
                "Tensor",
                "Distance / norm",
                tensors().stream().map(Tensor::name).toList(),
                List.of(Series.of(
                        "Relative distance",
                        "busy",
                        tensors().stream().map(Tensor::relative).collect(Collectors.toList()))),
                false);
    }

    public boolean isAsked() {
        return asked;
    }

    public void setAsked(boolean asked) {
        this.asked = asked;
    }
}
