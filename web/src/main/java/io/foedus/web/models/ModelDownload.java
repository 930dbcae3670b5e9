package io.foedus.web.models;

import io.foedus.controller.models.boundary.ModelView;
import io.foedus.controller.models.boundary.Models;
import io.foedus.controller.refusals.Refusal;
import io.foedus.core.blobs.BlobStore;
import io.foedus.core.models.Digest;
import io.foedus.web.desk.UuidConverter;
import io.foedus.web.security.Caller;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/** A model's file for somebody at a browser; programs use the REST API with a token. */
@WebServlet("/download/model/*")
public class ModelDownload extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    transient Caller caller;

    @Inject
    transient Models models;

    @Inject
    transient BlobStore blobs;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo().substring(1);
        try {
            ModelView model = models.download(caller.actor(), new UuidConverter().getAsObject(null, null, path));
            response.setContentType("application/octet-stream");
            response.setContentLengthLong(model.size());
            response.setHeader(
                    "Content-Disposition",
                    "attachment; filename=\"model-" + model.digest().substring(0, 12) + "." + model.format() + "\"");
            try (InputStream in = blobs.open(new Digest(model.digest()), 0)) {
                in.transferTo(response.getOutputStream());
            }
        } catch (Refusal refusal) {
            response.sendError(refusal.kind() == Refusal.Kind.FORBIDDEN ? 403 : 404);
        }
    }
}
