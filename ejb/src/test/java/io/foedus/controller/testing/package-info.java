/**
 * A controller without a server: real PostgreSQL, real migrations, EclipseLink in its plain Java form, and a small
 * container that injects by type and opens a transaction around each call of a session bean.
 */
package io.foedus.controller.testing;
