package io.foedus.web.desk;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** The address under which the reader reaches this controller, for commands that can be copied. */
@Named
@RequestScoped
public class Origin {
    @Inject
    HttpServletRequest request;

    /** Scheme, host and port without a slash at the end. */
    public String url() {
        return request.getRequestURL()
                        .substring(
                                0,
                                request.getRequestURL().length()
                                        - request.getRequestURI().length())
                + request.getContextPath();
    }

    /** Sends the browser to one of our pages. */
    public void go(String page) throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        faces.getExternalContext().redirect(request.getContextPath() + page);
        faces.responseComplete();
    }
}
