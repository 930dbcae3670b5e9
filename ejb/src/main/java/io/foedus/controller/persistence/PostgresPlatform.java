package io.foedus.controller.persistence;

import java.sql.Types;
import org.eclipse.persistence.internal.helper.DatabaseField;
import org.eclipse.persistence.platform.database.PostgreSQL10Platform;

/**
 * PostgreSQL as EclipseLink should see it.
 *
 * <ul>
 *   <li>A NULL parameter has no type of its own, the server takes the column's. EclipseLink 4.0 would bind an absent
 *       uuid or json as varchar, which PostgreSQL refuses.
 *   <li>A locked row may still be referred to: keys never change here, and {@code FOR UPDATE} would make every insert
 *       with a foreign key to a locked session or round wait, in a circle if it holds a share.
 * </ul>
 */
public class PostgresPlatform extends PostgreSQL10Platform {
    private static final long serialVersionUID = 1L;

    @Override
    public int getJDBCTypeForSetNull(DatabaseField field) {
        return Types.NULL;
    }

    @Override
    public String getSelectForUpdateString() {
        return " FOR NO KEY UPDATE";
    }
}
