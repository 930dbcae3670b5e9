package io.foedus.combiner.configuration;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes a {@link CombinerConfig} of named texts, collecting every breach before it complains. */
public final class ConfigReader {
    /** What all keys begin with. */
    public static final String PREFIX = "foedus.combiner.";

    private final Function<String, Optional<String>> source;
    private final List<String> breaches = new ArrayList<>();

    private ConfigReader(Function<String, Optional<String>> source) {
        this.source = source;
    }

    /**
     * @param source looks a full key up
     * @throws IllegalArgumentException naming every key that cannot be used, and what it needs
     */
    public static CombinerConfig read(Function<String, Optional<String>> source) {
        return new ConfigReader(source).read();
    }

    private CombinerConfig read() {
        String bind = text("bind", "127.0.0.1");
        CombinerConfig config = new CombinerConfig(
                text("name", "combiner"),
                bind,
                (int) number("port", 12080, 0, 65535),
                text("advertised-host", reachable(bind)),
                (int) number("advertised-port", 0, 0, 65535),
                url("controller-url", "http://127.0.0.1:8080"),
                file("join-token-file"),
                Path.of(text("spool-dir", ".foedus/combiner")),
                (int) number("capacity", 1000, 1, 1_000_000),
                (int) number("concurrent-uploads", 64, 1, 100_000),
                labels(),
                number("spool-reserve-bytes", 256L << 20, 0, Long.MAX_VALUE),
                number("model-cache-bytes", 8L << 30, 0, Long.MAX_VALUE),
                Duration.ofMillis(number("detach-grace-millis", 5_000, 0, 3_600_000)),
                Duration.ofSeconds(number("client-lease-seconds", 45, 1, 86_400)),
                Duration.ofSeconds(number("heartbeat-seconds", 10, 1, 3_600)),
                Duration.ofSeconds(number("transfer-idle-seconds", 60, 1, 3_600)),
                number("upload-bytes-per-second", 4_096, 0, 1L << 30),
                file("tls-certificate"),
                file("tls-key"),
                flag("fedn", true),
                flag("fedn-plaintext", false),
                flag("fedn-local", true));
        if (config.tlsCertificate().isPresent() != config.tlsKey().isPresent()) {
            breaches.add(PREFIX + "tls-certificate and " + PREFIX + "tls-key belong together; only one is set");
        }
        if (config.clientLease().compareTo(config.heartbeat().multipliedBy(2)) < 0) {
            breaches.add(PREFIX + "client-lease-seconds must be at least twice " + PREFIX + "heartbeat-seconds");
        }
        if (!breaches.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", breaches));
        }
        return config;
    }

    private String text(String key, String standard) {
        return source.apply(PREFIX + key)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElse(standard);
    }

    private Optional<Path> file(String key) {
        String text = text(key, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    }

    private long number(String key, long standard, long least, long most) {
        String text = text(key, String.valueOf(standard));
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // reported below, with what is wanted
        }
        breaches.add(PREFIX + key + " must be a whole number from " + least + " to " + most + ", not '" + text + "'");
        return standard;
    }

    private boolean flag(String key, boolean standard) {
        String text = text(key, String.valueOf(standard));
        if (!text.equals("true") && !text.equals("false")) {
            breaches.add(PREFIX + key + " must be true or false, not '" + text + "'");
        }
        return text.equals("true");
    }

    private URI url(String key, String standard) {
        String text = text(key, standard);
        try {
            URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // reported below
        }
        breaches.add(PREFIX + key + " must be a http or https address, not '" + text + "'");
        return URI.create(standard);
    }

    private SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String pair : text("labels", "").split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                labels.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            } else if (!pair.isBlank()) {
                breaches.add(
                        PREFIX + "labels must be written key=value,key=value; '" + pair.strip() + "' is not a pair");
            }
        }
        return Collections.unmodifiableSortedMap(labels);
    }

    /** Where others find a server bound to that address. */
    private static String reachable(String bind) {
        if (!bind.equals("0.0.0.0") && !bind.equals("::")) {
            return bind;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "127.0.0.1";
        }
    }
}
