package io.foedus.controller.alliances.entity;

import io.foedus.controller.persistence.JsonObjectConverter;
import io.foedus.controller.persistence.VersionedEntity;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A named federation. */
@Entity
@Table(name = "alliance")
@NamedQuery(name = "Alliance.byName", query = "SELECT a FROM Alliance a WHERE a.name = :name")
public class Alliance extends VersionedEntity {
    private String name;
    private String title;
    private String description = "";

    @Convert(converter = JsonObjectConverter.class)
    private Map<String, Object> settings = Map.of();

    protected Alliance() {}

    public Alliance(UUID id, String name, String title, String description, Instant now) {
        super(id, now);
        this.name = name;
        this.title = title;
        this.description = description;
    }

    public void describe(String newTitle, String newDescription) {
        title = newTitle;
        description = newDescription;
    }

    public void decide(Policy policy) {
        settings = policy.settings();
    }

    public Policy policy() {
        return Policy.of(settings);
    }

    public String name() {
        return name;
    }

    public String title() {
        return title;
    }

    public String description() {
        return description;
    }
}
