package io.foedus.controller.packages.control;

import io.foedus.controller.refusals.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What {@code fedn.yaml} must say: an {@code entry_points} map with a command for {@code train} or {@code validate} at
 * least.
 */
final class Descriptor {
    private Descriptor() {}

    /**
     * Command by entry point.
     *
     * @throws Refusal {@code PACKAGE_DESCRIPTOR_INVALID} saying what is missing
     */
    static Map<String, Object> entryPoints(byte[] yaml) {
        Object root = parse(new String(yaml, StandardCharsets.UTF_8));
        if (!(root instanceof Map<?, ?> map) || !(map.get("entry_points") instanceof Map<?, ?> points)) {
            throw invalid("it has no map 'entry_points'");
        }
        Map<String, Object> commands = new TreeMap<>();
        for (Map.Entry<?, ?> point : points.entrySet()) {
            Object command = point.getValue() instanceof Map<?, ?> body ? body.get("command") : point.getValue();
            if (!(command instanceof String text) || text.isBlank()) {
                throw invalid("entry point '" + point.getKey() + "' has no command");
            }
            commands.put(String.valueOf(point.getKey()), text.strip());
        }
        if (!commands.containsKey("train") && !commands.containsKey("validate")) {
            throw invalid("it has neither 'train' nor 'validate' among its entry points " + commands.keySet());
        }
        return commands;
    }

    private static Object parse(String text) {
        var options = new LoaderOptions();
        options.setMaxAliasesForCollections(10);
        options.setNestingDepthLimit(20);
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (YAMLException e) {
            String message = String.valueOf(e.getMessage());
            throw invalid("it is not YAML: " + message.lines().findFirst().orElse(""));
        }
    }

    private static Refusal invalid(String why) {
        return Refusal.unacceptable(
                "PACKAGE_DESCRIPTOR_INVALID",
                "fedn.yaml is not usable: " + why + ".",
                "Write for example\nentry_points:\n  train:\n    command: python3 train.py\n  validate:\n    command: python3 validate.py");
    }
}
