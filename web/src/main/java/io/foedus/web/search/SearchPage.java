package io.foedus.web.search;

import io.foedus.controller.insight.boundary.Search;
import io.foedus.controller.insight.boundary.Search.Found;
import io.foedus.web.desk.Desk;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** What was found for the words in the address. */
@Named
@RequestScoped
public class SearchPage {
    @Inject
    Desk desk;

    @Inject
    Search search;

    private String question;
    private List<Found> found = List.of();

    public void open() {
        desk.open(() -> found = search.find(desk.actor(), desk.allianceId(), question));
    }

    public List<Found> found() {
        return found;
    }

    /** Those of one kind. */
    public List<Found> found(String kind) {
        return found.stream().filter(one -> one.kind().equals(kind)).toList();
    }

    public String getQuestion() {
        return question;
    }

    public void setQuestion(String question) {
        this.question = question;
    }
}
