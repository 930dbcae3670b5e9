package io.foedus.controller.combiners.entity;

import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.persistence.VersionedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A node that attaches clients and folds their updates. Its epoch grows with every registration and with every expiry
 * of its lease; what it reports under an older epoch is refused.
 */
@Entity
@Table(name = "combiner")
public class Combiner extends VersionedEntity {
    private String name;
    private String host;
    private int port;
    private boolean tls;

    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> labels = Map.of();

    private int capacity;
    private String program = "";
    private long epoch = 1;
    private boolean draining;
    private int attached;

    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> load = Map.of();

    @Column(name = "last_seen_at")
    private Instant lastSeenAt;

    @Column(name = "heard_since")
    private Instant heardSince;

    protected Combiner() {}

    public Combiner(UUID id, String name, Instant now) {
        super(id, now);
        this.name = name;
        this.lastSeenAt = now;
        this.heardSince = now;
    }

    /** Where agents reach it. */
    public record Address(String host, int port, boolean tls) {}

    /** What it says about itself when it registers. */
    public void introduces(
            Address address, int itsCapacity, Map<String, Object> itsLabels, String itsProgram, Instant now) {
        host = address.host();
        port = address.port();
        tls = address.tls();
        capacity = itsCapacity;
        labels = Map.copyOf(itsLabels);
        program = itsProgram;
        lastSeenAt = now;
        heardSince = now;
    }

    /** Outdates everything it was told before. */
    public void moveEpoch() {
        epoch++;
        attached = 0;
    }

    public void drain(boolean drains) {
        draining = drains;
    }

    public boolean isAlive(Duration lease, Instant now) {
        return lastSeenAt.plus(lease).isAfter(now);
    }

    public String name() {
        return name;
    }

    public Address address() {
        return new Address(host, port, tls);
    }

    public Map<String, Object> labels() {
        return labels;
    }

    public int capacity() {
        return capacity;
    }

    public long epoch() {
        return epoch;
    }

    public int attached() {
        return attached;
    }
}
