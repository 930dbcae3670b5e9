package io.foedus.packages;

import io.foedus.packages.RefusedPackage.Why;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** YAML of a package: no types but the standard ones, no aliases to speak of, no key twice, at most 256 KiB. */
public final class PlainYaml {
    static final int MOST_BYTES = 256 << 10;

    private PlainYaml() {}

    /**
     * Maps, lists and scalars of a document; null if it is empty.
     *
     * @param file name for messages
     */
    public static @Nullable Object read(byte[] text, String file) throws RefusedPackage {
        if (text.length > MOST_BYTES) {
            throw RefusedPackage.because(Why.BAD_DESCRIPTOR, file + " has more than " + MOST_BYTES + " bytes");
        }
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(10);
        options.setNestingDepthLimit(20);
        options.setCodePointLimit(MOST_BYTES);
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(new String(text, StandardCharsets.UTF_8));
        } catch (YAMLException e) {
            String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw RefusedPackage.because(Why.BAD_DESCRIPTOR, file + " is not YAML: " + first);
        }
    }
}
