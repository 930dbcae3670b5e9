package io.foedus.web.desk;

import jakarta.faces.FacesException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerFactory;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;

/**
 * What becomes of exceptions on pages: one that is too old is told so on a page of its own; what goes wrong during a
 * refresh is logged and leads to the error page without a word about classes; everything else reaches the container,
 * whose error page knows what to say.
 */
public class Mishaps extends ExceptionHandlerFactory {
    private static final System.Logger LOG = System.getLogger(Mishaps.class.getName());

    public Mishaps(ExceptionHandlerFactory wrapped) {
        super(wrapped);
    }

    @Override
    public ExceptionHandler getExceptionHandler() {
        return new Handler(getWrapped().getExceptionHandler());
    }

    private static final class Handler extends ExceptionHandlerWrapper {
        Handler(ExceptionHandler wrapped) {
            super(wrapped);
        }

        @Override
        public void handle() {
            FacesContext faces = FacesContext.getCurrentInstance();
            for (Iterator<ExceptionQueuedEvent> queue =
                            getUnhandledExceptionQueuedEvents().iterator();
                    queue.hasNext(); ) {
                Throwable thrown = queue.next().getContext().getException();
                Throwable cause = getRootCause(thrown) == null ? thrown : getRootCause(thrown);
                boolean refresh = faces.getPartialViewContext().isAjaxRequest();
                if (cause instanceof ViewExpiredException) {
                    queue.remove();
                    go(faces, "/expired");
                } else if (refresh) {
                    queue.remove();
                    LOG.log(System.Logger.Level.ERROR, "a page could not be refreshed", thrown);
                    go(faces, "/error");
                }
            }
            getWrapped().handle();
        }

        private static void go(FacesContext faces, String page) {
            if (faces.getExternalContext().isResponseCommitted()) {
                return;
            }
            try {
                faces.getExternalContext().redirect(faces.getExternalContext().getRequestContextPath() + page);
                faces.responseComplete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Throwable getRootCause(Throwable thrown) {
            Throwable cause = thrown;
            while (cause instanceof FacesException && cause.getCause() != null
                    || cause instanceof jakarta.el.ELException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause;
        }
    }
}
