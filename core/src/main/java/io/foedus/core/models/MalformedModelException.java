package io.foedus.core.models;

import java.io.IOException;

/** A file is not what its format promises. The message is a sentence that names the place and what is wrong there. */
public class MalformedModelException extends IOException {
    public MalformedModelException(String message) {
        super(message);
    }

    public MalformedModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
