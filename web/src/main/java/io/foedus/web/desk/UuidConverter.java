package io.foedus.web.desk;

import jakarta.faces.component.UIComponent;
import jakarta.faces.context.FacesContext;
import jakarta.faces.convert.Converter;
import jakarta.faces.convert.FacesConverter;
import java.util.UUID;

/** Ids in addresses and forms. What is none becomes null, and null is an object that nobody can see. */
@FacesConverter(forClass = UUID.class)
public class UuidConverter implements Converter<UUID> {
    @Override
    public UUID getAsObject(FacesContext faces, UIComponent component, String text) {
        try {
            return text == null || text.length() != 36 ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String getAsString(FacesContext faces, UIComponent component, UUID id) {
        return id == null ? "" : id.toString();
    }
}
