package io.foedus.incontainer;

import io.foedus.controller.news.entity.Changed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers of what the controller was told that it changed. */
@ApplicationScoped
public class Hearing {
    private final Set<UUID> heard = ConcurrentHashMap.newKeySet();

    public void hear(@Observes Changed changed) {
        heard.add(changed.id());
    }

    public boolean heardOf(UUID id) {
        return heard.contains(id);
    }
}
