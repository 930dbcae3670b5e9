package io.foedus.web.fedn;

import io.foedus.controller.identity.entity.Action;
import jakarta.enterprise.context.RequestScoped;
import jakarta.json.JsonObject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Predictions: none are kept here, and none can be asked for. */
@Path("{alliance}/api/v1/predictions")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class PredictionsResource extends FednCollection {
    @Override
    String key() {
        return "prediction_id";
    }

    @Override
    List<Document> documents(ListQuery query) {
        alliance(Action.READ);
        return List.of();
    }

    @POST
    @Path("start")
    public JsonObject start() {
        alliance(Action.OPERATE);
        throw FednErrors.notHere("Predictions cannot be started.");
    }
}
