package io.foedus.web.fedn;

import io.foedus.core.models.ModelFile;
import io.foedus.core.models.ModelFormats;
import io.foedus.core.models.TensorReader;
import io.foedus.core.models.TensorSpec;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/** A model's numbers as JSON: an array of tensors, each flat in C order. */
final class Parameters {
    private static final long MOST = 1_000_000;

    private Parameters() {}

    /** @throws jakarta.ws.rs.WebApplicationException 400 if the model has more than a million numbers */
    static JsonObject of(Path path, String format) throws IOException {
        JsonArrayBuilder tensors = Json.createArrayBuilder();
        long numbers = 0;
        try (ModelFile file = ModelFile.open(path, ModelFormats.byId(format))) {
            for (int i = 0; i < file.layout().tensors().size(); i++) {
                TensorSpec spec = file.layout().tensors().get(i);
                numbers += spec.elements();
                if (numbers > MOST) {
                    throw FednErrors.bad("The model has more than " + MOST + " numbers; download its file instead.");
                }
                tensors.add(tensor(file, i, (int) spec.elements()));
            }
        }
        return Json.createObjectBuilder().add("array", tensors).build();
    }

    private static JsonArrayBuilder tensor(ModelFile file, int index, int count) throws IOException {
        double[] values = new double[count];
        try (TensorReader reader = file.reader(index)) {
            reader.read(0, values, 0, count);
        }
        JsonArrayBuilder array = Json.createArrayBuilder();
        for (double value : values) {
            array.add(Document.json(value));
        }
        return array;
    }
}
