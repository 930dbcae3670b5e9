/** Netty and the container's life cycle: starts the combiner when the application is up, drains it before it goes. */
@NullMarked
package io.foedus.combiner.server.boundary;

import org.jspecify.annotations.NullMarked;
