package io.foedus.combiner.fedn.boundary;

import io.grpc.Context;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a call before its message is read.
 *
 * @param said metadata {@code client}: an id or a name, whatever the program wrote there
 * @param alliance the alliance whose join token came with the call
 * @param address where it comes from, without the port
 */
record FednCall(String said, Optional<String> alliance, Object address, FednConnection connection) {
    static final Context.Key<FednCall> KEY = Context.key("fedn-call");

    static FednCall current() {
        return Objects.requireNonNull(KEY.get(), "a FEDn call that did not come through FednDoor");
    }
}
