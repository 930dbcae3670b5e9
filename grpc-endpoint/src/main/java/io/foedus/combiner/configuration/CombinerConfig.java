package io.foedus.combiner.configuration;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything that can be set about a combiner; keys are {@code foedus.combiner.…}.
 *
 * @param name unique among the combiners of an installation; shown to people, and its identity at the first
 *     registration
 * @param bind address that the gRPC server listens on; loopback unless told otherwise
 * @param port port to listen on, 0 for any free one
 * @param advertisedHost host that agents are sent to
 * @param advertisedPort port that agents are sent to, 0 for the one listened on
 * @param controllerUrl where the controller's {@code /api} is
 * @param joinTokenFile file with the token for the first registration; read each time it is needed
 * @param spoolDir directory of the spool; survives restarts
 * @param capacity most agents attached at once
 * @param concurrentUploads most updates on their way in at once; other agents wait their turn
 * @param labels for placement
 * @param spoolReserveBytes free space that must remain on the spool's disk when an upload is accepted
 * @param modelCacheBytes size that cached models may have together; those in use may exceed it
 * @param detachGrace how long a broken stream may take to come back before its client counts as lost
 * @param clientLease how long an attached agent may be silent before its client counts as lost
 * @param heartbeat how often agents report
 * @param transferIdle how long an agent may neither send nor read in a transfer before it is ended
 * @param uploadBytesPerSecond how much of an update must come on average while it is waited for as long as that
 * @param tlsCertificate PEM chain of the gRPC server; TLS is on if given
 * @param tlsKey PEM key of that chain
 * @param fedn whether FEDn clients are served on the same port
 * @param fednPlaintext whether FEDn clients from beyond this machine are served without a token on a port without TLS
 * @param fednLocal whether FEDn clients of this machine are served without a token; not if a proxy runs here too
 */
public record CombinerConfig(
        String name,
        String bind,
        int port,
        String advertisedHost,
        int advertisedPort,
        URI controllerUrl,
        Optional<Path> joinTokenFile,
        Path spoolDir,
        int capacity,
        int concurrentUploads,
        SortedMap<String, String> labels,
        long spoolReserveBytes,
        long modelCacheBytes,
        Duration detachGrace,
        Duration clientLease,
        Duration heartbeat,
        Duration transferIdle,
        long uploadBytesPerSecond,
        Optional<Path> tlsCertificate,
        Optional<Path> tlsKey,
        boolean fedn,
        boolean fednPlaintext,
        boolean fednLocal) {

    /** Whether agents must use TLS. */
    public boolean tls() {
        return tlsCertificate.isPresent();
    }
}
