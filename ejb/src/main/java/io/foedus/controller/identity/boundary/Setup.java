package io.foedus.controller.identity.boundary;

import io.foedus.controller.audit.boundary.AuditLog;
import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.identity.control.LoginThrottle;
import io.foedus.controller.identity.control.Logins;
import io.foedus.controller.identity.control.SecretFile;
import io.foedus.controller.refusals.Refusal;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * The first account. There is no default account and no default password: whoever can read the controller's log or its
 * data directory makes the first admin, once. An installation that is set up by a program names a file with the
 * password instead.
 */
@Stateless
public class Setup {
    private static final System.Logger LOG = System.getLogger(Setup.class.getName());
    private static final String FIRST_ADMIN = "admin";
    private static final int CODE_BYTES = 18;

    @Inject
    ControllerConfig config;

    @Inject
    Logins logins;

    @Inject
    LoginThrottle throttle;

    @Inject
    AuditLog audit;

    /** Whether there is no account yet. */
    public boolean isOpen() {
        return !logins.anyAccount();
    }

    /**
     * At start: makes the first admin from the password file, or offers the one-time code; does nothing when there are
     * accounts.
     */
    public void prepare() {
        logins.lockAdmins();
        if (logins.anyAccount()) {
            SecretFile.delete(config.setupCodeFile());
            return;
        }
        if (config.bootstrapPasswordFile().isPresent()) {
            Path file = config.bootstrapPasswordFile().get();
            logins.create(FIRST_ADMIN, passwordIn(file), true);
            audit.done("system", "account.created", FIRST_ADMIN, null, Map.of("admin", true, "by", "bootstrap file"));
            LOG.log(System.Logger.Level.INFO, "made the account admin with the password in file={0}", file);
            return;
        }
        String code =
                new String(SecretFile.readOrCreate(config.setupCodeFile(), Setup::newCode), StandardCharsets.US_ASCII);
        LOG.log(
                System.Logger.Level.INFO,
                "no account exists yet: open /setup or POST /api/setup with the one-time code {0} (also in {1})",
                code.strip(),
                config.setupCodeFile());
    }

    /**
     * Makes the first admin.
     *
     * @throws Refusal {@code SETUP_DONE} when there are accounts, {@code WRONG_SETUP_CODE} otherwise
     */
    public String complete(String code, String name, String password, String address) {
        throttle.admit("setup", address);
        logins.lockAdmins();
        if (logins.anyAccount()) {
            throw Refusal.conflict(
                    "SETUP_DONE", "This installation has its first account already.", "Log in, or ask its admin.");
        }
        byte[] expected = SecretFile.readOrCreate(config.setupCodeFile(), Setup::newCode);
        byte[] given = ((code == null ? "" : code.strip()) + "\n").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, given)) {
            throttle.failed("setup", address);
            throw Refusal.forbidden(
                    "WRONG_SETUP_CODE",
                    "This is not the set-up code.",
                    "It is in the controller's log and in the file setup-code of its data directory.");
        }
        logins.create(name, password, true);
        audit.done("system", "account.created", name, null, Map.of("admin", true, "by", "set-up code"));
        SecretFile.delete(config.setupCodeFile());
        return name;
    }

    private static String passwordIn(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "foedus.bootstrap.password-file names " + file + ", which cannot be read", e);
        }
    }

    private static byte[] newCode() {
        byte[] random = new byte[CODE_BYTES];
        new SecureRandom().nextBytes(random);
        return (Base64.getUrlEncoder().encodeToString(random) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
