package io.foedus.web.desk;

import io.foedus.controller.refusals.Refusal;
import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Refusals that leave nothing to show become the error page. */
final class Errors {
    private Errors() {}

    static void send(FacesContext faces, Refusal refusal) {
        int status = switch (refusal.kind()) {
            case UNKNOWN -> 404;
            case FORBIDDEN -> 403;
            case UNAUTHENTICATED -> 401;
            case UNAVAILABLE -> 503;
            default -> 400;
        };
        try {
            faces.getExternalContext().responseSendError(status, refusal.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        faces.responseComplete();
    }
}
