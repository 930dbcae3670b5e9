package io.foedus.controller.persistence;

import java.sql.Types;
import org.eclipse.persistence.internal.helper.DatabaseField;
import org.eclipse.persistence.platform.database.PostgreSQL10Platform;

/**
 * PostgreSQL as EclipseLink should see it: a NULL parameter has no type of its own, the server takes the column's.
 * EclipseLink 4.0 would bind an absent uuid or json as varchar, which PostgreSQL refuses.
 */
public class PostgresPlatform extends PostgreSQL10Platform {
    private static final long serialVersionUID = 1L;

    @Override
    public int getJDBCTypeForSetNull(DatabaseField field) {
        return Types.NULL;
    }
}
