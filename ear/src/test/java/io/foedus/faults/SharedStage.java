package io.foedus.faults;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Gives the classes that break things one {@link Stage} to do it on, and one {@link Score}; who leaves the stage leaves
 * it whole.
 */
final class SharedStage implements ParameterResolver, TestWatcher {
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

    @Override
    public void testSuccessful(ExtensionContext context) {
        shared(context).score().survived(context.getDisplayName());
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        shared(context).score().lost(context.getDisplayName(), cause);
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        shared(context).score().skipped(context.getDisplayName(), String.valueOf(cause.getMessage()));
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        "shared",
                        any -> new Shared(Stage.set(Boolean.getBoolean("faults.all")), new Score()),
                        Shared.class);
    }

    private record Shared(Stage stage, Score score) implements AutoCloseable {
        @Override
        public void close() {
            stage.close();
            System.out.println(score.line());
        }
    }
}
