package io.foedus.faults;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the classes that break things one {@link Stage} to do it on, and one {@link Score}; who leaves the stage leaves
 * it whole.
 */
final class SharedStage implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedStage.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Stage.class || type == Score.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Shared shared = shared(context);
        return parameter.getParameter().getType() == Stage.class ? shared.stage() : shared.score();
    }

    static Shared shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent("shared", any -> new Shared(Stage.set(), new Score()), Shared.class);
    }

    record Shared(Stage stage, Score score) implements AutoCloseable {
        @Override
        public void close() {
            stage.close();
            System.out.println(score.line());
        }
    }
}
