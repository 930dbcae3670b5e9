package io.foedus.combiner.uplink.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The token for the first registration, read from its file when it is needed: it may be put there later, or replaced.
 */
public record JoinToken(Optional<Path> file) {
    String read() throws IOException {
        if (file.isEmpty()) {
            throw new IOException("this combiner is not registered yet and foedus.combiner.join-token-file is not set;"
                    + " make a COMBINER_JOIN token at the controller and name the file that holds it");
        }
        String token = Files.readString(file.get()).strip();
        if (token.isEmpty()) {
            throw new IOException("the join token file " + file.get() + " is empty");
        }
        return token;
    }
}
