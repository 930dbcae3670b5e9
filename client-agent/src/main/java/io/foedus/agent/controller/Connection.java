package io.foedus.agent.controller;

import io.foedus.agent.ExitCode;
import io.foedus.agent.console.Failure;
import io.foedus.core.identity.TokenText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Mixin of every command that calls the controller: where it is, which alliance is meant and who calls. Each value is
 * taken from the option, else the environment, else the user's config file.
 */
public final class Connection {
    @Option(
            names = "--controller",
            paramLabel = "URL",
            description = "Address of the controller (FOEDUS_CONTROLLER, or `controller` in the config file).")
    private @Nullable URI controller;

    @Option(
            names = {"-a", "--alliance"},
            paramLabel = "NAME",
            description = "The alliance (FOEDUS_ALLIANCE, or `alliance` in the config file).")
    private @Nullable String alliance;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the token, - for standard input (FOEDUS_TOKEN_FILE, FOEDUS_TOKEN, or `token` in"
                    + " the config file).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "PEM",
            description = "Certificate authority that the servers are trusted by (FOEDUS_CA; default: the JDK's).")
    private @Nullable Path ca;

    @Option(
            names = "--allow-plaintext",
            description = "Send tokens unencrypted to another machine; only for networks that encrypt by other means.")
    private boolean allowPlaintext;

    private final Map<String, String> environment;
    private final UserConfig config;

    public Connection() {
        this(System.getenv(), UserConfig.of(System.getenv(), Path.of(System.getProperty("user.home", "."))));
    }

    Connection(Map<String, String> environment, UserConfig config) {
        this.environment = environment;
        this.config = config;
    }

    /** The file that {@code foedus login} writes. */
    public UserConfig config() {
        return config;
    }

    /** The controller's address, without a slash at its end. */
    public URI controller() {
        String given = controller != null
                ? controller.toString()
                : Optional.ofNullable(environment.get("FOEDUS_CONTROLLER"))
                        .or(() -> config.get("controller"))
                        .orElseThrow(
                                () -> new Failure(
                                        ExitCode.CONFIGURATION,
                                        "no controller is named",
                                        "Give --controller URL, set FOEDUS_CONTROLLER, or run `foedus login --controller URL`."));
        URI address = parsed(given);
        requireSafe(address);
        return address;
    }

    /** The alliance that is meant. */
    public String alliance() {
        return Optional.ofNullable(alliance)
                .or(() -> Optional.ofNullable(environment.get("FOEDUS_ALLIANCE")))
                .or(() -> config.get("alliance"))
                .orElseThrow(() -> new Failure(
                        ExitCode.CONFIGURATION,
                        "no alliance is named",
                        "Give --alliance NAME, set FOEDUS_ALLIANCE, or add `alliance=NAME` to " + config.file() + "."));
    }

    /** The path of the alliance in the API, with {@code rest} behind it. */
    public String in(String rest) {
        return "/api/alliances/" + ControllerClient.encoded(alliance()) + rest;
    }

    /** The caller's token. */
    public String token() {
        return tokenIfAny()
                .orElseThrow(() -> new Failure(
                        ExitCode.AUTHENTICATION,
                        "there is no token to call " + controller() + " with",
                        "Run `foedus login`, give --token-file FILE, or set FOEDUS_TOKEN_FILE."));
    }

    /** The caller's token, if one is configured. */
    public Optional<String> tokenIfAny() {
        if (tokenFile != null) {
            return Optional.of(read(tokenFile));
        }
        String file = environment.get("FOEDUS_TOKEN_FILE");
        if (file != null && !file.isBlank()) {
            return Optional.of(read(Path.of(file)));
        }
        return Optional.ofNullable(environment.get("FOEDUS_TOKEN"))
                .map(String::strip)
                .filter(t -> !t.isEmpty())
                .or(() -> config.get("token"));
    }

    /** The authority to trust, if it is not the JDK's. */
    public Optional<Path> ca() {
        return Optional.ofNullable(ca)
                .or(() -> Optional.ofNullable(environment.get("FOEDUS_CA")).map(Path::of));
    }

    public boolean allowsPlaintext() {
        return allowPlaintext || Boolean.parseBoolean(environment.get("FOEDUS_ALLOW_PLAINTEXT"));
    }

    /** A client that calls with the caller's token. */
    public ControllerClient open() {
        return new ControllerClient(controller(), token(), ca());
    }

    /** A client that shows no token. */
    public ControllerClient openAnonymously() {
        return new ControllerClient(controller(), null, ca());
    }

    private static URI parsed(String given) {
        try {
            URI uri = URI.create(given.replaceAll("/+$", ""));
            if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                throw new IllegalArgumentException("it needs http:// or https:// and a host");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "not an address of a controller: " + given + " (" + e.getMessage() + ")",
                    "Write it like https://controller.example:8443.",
                    e);
        }
    }

    private void requireSafe(URI address) {
        if ("http".equals(address.getScheme()) && !allowsPlaintext() && !isThisMachine(address.getHost())) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "a token would travel unencrypted to " + address,
                    "Use https://, or --allow-plaintext on a network that encrypts by other means.");
        }
    }

    /** True for addresses that do not leave this machine. */
    public static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            if (file.toString().equals("-")) {
                String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
                return requireToken(line == null ? "" : line.strip(), "standard input");
            }
            return requireToken(Files.readString(file).strip(), file.toString());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    "cannot read the token file " + file,
                    "Check the path and its permissions, or write the token into it with mode 0600.",
                    e);
        }
    }

    private static String requireToken(String text, String source) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new Failure(
                    ExitCode.CONFIGURATION,
                    source + " does not hold a token",
                    "It should hold one line that begins with " + TokenText.BRAND + ".");
        }
        return text;
    }
}
