package io.foedus.web.desk;

import io.foedus.web.security.Doors;
import io.foedus.web.security.ResponseHeaders;
import jakarta.el.ELException;
import jakarta.faces.FacesException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.faces.context.ExceptionHandler;
import jakarta.faces.context.ExceptionHandlerFactory;
import jakarta.faces.context.ExceptionHandlerWrapper;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.faces.event.ExceptionQueuedEvent;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;

/**
 * What becomes of exceptions on pages. A page never loses its place: one whose state the server has forgotten is told
 * to take a fresh one, what goes wrong during a refresh is logged and told to the page without a word about classes;
 * what is sent by a form without script leads back to the form's own address. Everything else reaches the container,
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
                boolean forgotten = getRootCause(thrown) instanceof ViewExpiredException;
                if (faces.getPartialViewContext().isAjaxRequest()) {
                    queue.remove();
                    if (!forgotten) {
                        LOG.log(
                                System.Logger.Level.ERROR,
                                "a page could not be refreshed requestId=" + requestId(faces),
                                thrown);
                    }
                    tell(
                            faces,
                            forgotten
                                    ? "foedus.stale(" + byItself(faces) + ")"
                                    : "foedus.failed(" + byItself(faces) + ",'" + requestId(faces) + "')");
                } else if (forgotten) {
                    queue.remove();
                    goBack(faces);
                }
            }
            getWrapped().handle();
        }

        /** Whether the page's live layer asked, and no person. */
        private static boolean byItself(FacesContext faces) {
            return faces.getExternalContext()
                    .getRequestParameterMap()
                    .getOrDefault("jakarta.faces.source", "")
                    .startsWith("live:");
        }

        private static Object requestId(FacesContext faces) {
            return faces.getExternalContext().getRequestMap().get(ResponseHeaders.REQUEST_ID);
        }

        /** Answers with a call of the page's script. */
        private static void tell(FacesContext faces, String call) {
            ExternalContext answer = faces.getExternalContext();
            if (answer.isResponseCommitted()) {
                return;
            }
            try {
                answer.responseReset();
                answer.setResponseContentType("text/xml");
                answer.setResponseCharacterEncoding("UTF-8");
                answer.addResponseHeader("Cache-Control", "no-store");
                answer.getResponseOutputWriter()
                        .append("<?xml version='1.0' encoding='UTF-8'?><partial-response><changes><eval><![CDATA[")
                        .append(call)
                        .append("]]></eval></changes></partial-response>");
                faces.responseComplete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** To the page that sent the form, as the browser names it; without that to the overview. */
        private static void goBack(FacesContext faces) {
            HttpServletRequest request =
                    (HttpServletRequest) faces.getExternalContext().getRequest();
            try {
                faces.getExternalContext().redirect(request.getContextPath() + Doors.pageAround(request));
                faces.responseComplete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Throwable getRootCause(Throwable thrown) {
            Throwable cause = thrown;
            while (cause instanceof FacesException && cause.getCause() != null
                    || cause instanceof ELException && cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause;
        }
    }
}
