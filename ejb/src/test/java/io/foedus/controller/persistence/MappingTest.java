package io.foedus.controller.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.controller.clients.entity.Client;
import io.foedus.controller.clients.entity.ClientState;
import io.foedus.controller.testing.SettableClock;
import io.foedus.controller.testing.TestDatabase;
import io.foedus.controller.testing.Transactions;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MappingTest {
    private final TestDatabase database = TestDatabase.migrated();
    private final Transactions transactions = new Transactions(database.factory());
    private final EntityManager entities = transactions.entities();
    private final SettableClock clock = new SettableClock();
    private final UUID alliance = TimeOrderedId.next(clock);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_client_comes_back_as_it_was_written() throws Exception {
        database.execute(
                "INSERT INTO alliance (id, name, title, created_at) VALUES ('" + alliance + "', 'a', 'A', now())");
        UUID id = TimeOrderedId.next(clock);
        Instant now = clock.instant();
        transactions.requiresNew(() -> {
            Client client = new Client(id, alliance, "north-1", null, now);
            client.introduces("agent 1", Map.of("site", "north", "gpus", 2), null);
            entities.persist(client);
            return null;
        });

        Client read = transactions.requiresNew(() -> {
            List<Client> found = entities.createQuery(
                            "SELECT c FROM Client c WHERE c.allianceId = :alliance AND c.createdAt = :at", Client.class)
                    .setParameter("alliance", alliance)
                    .setParameter("at", now)
                    .getResultList();
            return found.get(0);
        });

        assertThat(read.createdAt()).isEqualTo(now);
        assertThat(read.combinerId()).isNull();
        assertThat(read.lastSeenAt()).isNull();
        assertThat(read.externalId()).isNull();
        assertThat(read.state()).isEqualTo(ClientState.REGISTERED);
        assertThat(read.labels()).containsEntry("site", "north");
    }

    @Test
    void an_absent_value_may_replace_a_present_one() throws Exception {
        database.execute(
                "INSERT INTO alliance (id, name, title, created_at) VALUES ('" + alliance + "', 'a', 'A', now())");
        UUID combiner = TimeOrderedId.next(clock);
        database.execute("INSERT INTO combiner (id, name, host, port, capacity, created_at, last_seen_at) VALUES ('"
                + combiner + "', 'c', 'h', 1, 1, now(), now())");
        UUID id = TimeOrderedId.next(clock);
        database.execute("INSERT INTO client (id, alliance_id, name, state, combiner_id, created_at) VALUES ('" + id
                + "', '" + alliance + "', 'north-1', 'ATTACHED', '" + combiner + "', now())");
        transactions.requiresNew(() -> {
            entities.find(Client.class, id).revoke("gone");
            return null;
        });
        Client read = transactions.requiresNew(() -> entities.find(Client.class, id));
        assertThat(read.combinerId()).isNull();
        assertThat(read.state()).isEqualTo(ClientState.REVOKED);
    }
}
