package io.foedus.federation;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a federation of one controller and one combiner that all test classes share: it is started when the first
 * of them asks and stopped after the last one. Who uses it makes an alliance of its own and leaves the processes alone.
 *
 * <pre>{@code
 * @ExtendWith(SharedFederation.class)
 * class SessionIT {
 *     SessionIT(Federation federation) { … }
 * }
 * }</pre>
 */
public class SharedFederation implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(SharedFederation.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Federation.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(getClass(), any -> started(), Federation.class);
    }

    /** Starts it; who wants others to share one with settings of its own starts that one here. */
    protected Federation started() {
        return Federation.named("shared").start();
    }
}
