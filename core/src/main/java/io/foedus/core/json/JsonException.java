package io.foedus.core.json;

/** Text that is not JSON, or JSON that is not what was expected. The message says where or which member. */
public class JsonException extends IllegalArgumentException {
    public JsonException(String message) {
        super(message);
    }
}
