package io.foedus.web.desk;

import io.foedus.controller.refusals.Refusal;
import io.foedus.web.problems.ErrorPage;
import io.foedus.web.problems.Problem;
import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Refusals that leave nothing to show become the error page. */
final class Errors {
    private Errors() {}

    static void send(FacesContext faces, Refusal refusal) {
        try {
            faces.getExternalContext().getRequestMap().put(ErrorPage.REFUSAL, refusal);
            faces.getExternalContext().responseSendError(Problem.of(refusal).status(), refusal.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faces.responseComplete();
    }
}
