package io.foedus.faults;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the classes that break things one {@link Stage} and one {@link Venue} to do it on, and one {@link Score}; who
 * leaves the stage leaves it whole.
 */
final class SharedStage implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedStage.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Stage.class || type == Venue.class || type == Score.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == Score.class) {
            return score(context);
        }
        return type == Stage.class
                ? shared(context, Stage.class, Stage::set)
                : shared(context, Venue.class, Venue::new);
    }

    /** The score of the whole run, which is printed at its end. */
    static Score score(ExtensionContext context) {
        return shared(context, Score.class, Score::new);
    }

    private static <T> T shared(ExtensionContext context, Class<T> type, Supplier<T> maker) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(type, any -> maker.get(), type);
    }
}
