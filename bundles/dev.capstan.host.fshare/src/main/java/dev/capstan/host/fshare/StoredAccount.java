package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.name.DurableFile;
import dev.capstan.secret.spi.Secrets;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Keeps the account's values in the configuration of this process, and in a file of the folder the
 * next one reads its configuration from. Secrets are kept as such, and only their references there.
 *
 * <p>Another configuration makes another component, but on a thread of Configuration Admin, some
 * time later: a change is done when this component was taken back.
 */
final class StoredAccount implements AccountStore {
    private static final String EMAIL = "email";
    private static final String PASSWORD = "password";
    private static final String APP_KEY = "appKey";
    private static final String USER_AGENT = "userAgent";

    private static final Map<String, String> SECRETS =
            Map.of(PASSWORD, "fshare-password", APP_KEY, "fshare-app-key");

    /** For a configuration that does not reach this component, as one bound elsewhere. */
    private static final Duration MOST = Duration.ofSeconds(5);

    private final Settings settings;
    private final Secrets secrets;
    private final ConfigurationAdmin configurations;
    private final CountDownLatch takenBack;
    private final Path file;

    StoredAccount(
            Settings settings,
            Secrets secrets,
            ConfigurationAdmin configurations,
            Path etc,
            CountDownLatch takenBack) {
        this.takenBack = takenBack;
        this.settings = settings;
        this.secrets = secrets;
        this.configurations = configurations;
        file = etc.resolve("host.fshare.account.json");
    }

    @Override
    public Map<String, String> check(Map<String, String> values) throws DownloadException {
        var all = new LinkedHashMap<String, String>();
        all.put(EMAIL, settings.email());
        all.put(PASSWORD, settings.password());
        all.put(APP_KEY, settings.appKey());
        all.put(USER_AGENT, settings.userAgent());
        for (var value : values.entrySet()) {
            if (!all.containsKey(value.getKey())) {
                throw refusal("it has no " + value.getKey() + ", only " + all.keySet());
            }
            if (value.getValue().chars().anyMatch(Character::isISOControl)) {
                throw refusal(value.getKey() + " must be one line of text");
            }
            all.put(value.getKey(), value.getValue());
        }
        var missing = new ArrayList<String>();
        all.forEach(
                (name, value) -> {
                    if (value.isBlank()) {
                        missing.add(name);
                    }
                });
        if (!missing.isEmpty()) {
            throw refusal("set " + String.join(", ", missing));
        }
        return all;
    }

    @Override
    public void set(Map<String, String> checked) throws DownloadException, InterruptedException {
        try {
            var kept = new LinkedHashMap<>(checked);
            for (var secret : SECRETS.entrySet()) {
                var value = checked.getOrDefault(secret.getKey(), "");
                var isKept = value.equals(known(secret.getKey())) && isReference(value);
                if (!isKept) {
                    kept.put(secret.getKey(), secrets.put(secret.getValue(), value));
                }
            }
            write(kept);
            var configuration = configuration();
            var properties = properties(configuration);
            kept.forEach(properties::put);
            configure(configuration, properties);
        } catch (IOException e) {
            throw failure("kept", e);
        }
    }

    @Override
    public void remove() throws DownloadException, InterruptedException {
        try {
            Files.deleteIfExists(file);
            for (var secret : SECRETS.entrySet()) {
                if (known(secret.getKey()).equals("file:" + secret.getValue())) {
                    secrets.remove(known(secret.getKey()));
                }
            }
            var configuration = configuration();
            var properties = properties(configuration);
            for (var name : new String[] {EMAIL, PASSWORD, APP_KEY, USER_AGENT}) {
                properties.remove(name);
            }
            configure(configuration, properties);
        } catch (IOException e) {
            throw failure("removed", e);
        }
    }

    private void configure(Configuration configuration, Hashtable<String, Object> properties)
            throws IOException, InterruptedException {
        configuration.update(properties);
        if (!takenBack.await(MOST.toMillis(), TimeUnit.MILLISECONDS)) {
            System.getLogger(StoredAccount.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "The changed configuration is not taken up yet");
        }
    }

    private static boolean isReference(String value) {
        return value.startsWith("file:") || value.startsWith("env:");
    }

    private String known(String secret) {
        return secret.equals(PASSWORD) ? settings.password() : settings.appKey();
    }

    /** Only its owner may read it, from the start. */
    private void write(Map<String, String> values) throws IOException {
        var account = Json.createObjectBuilder();
        values.forEach(account::add);
        var json = Json.createObjectBuilder().add(Fshare.PID, account).build().toString() + "\n";
        Files.createDirectories(file.getParent());
        var owner = PosixFilePermissions.fromString("rw-------");
        DurableFile.write(file, json, PosixFilePermissions.asFileAttribute(owner));
    }

    private Configuration configuration() throws IOException {
        return configurations.getConfiguration(Fshare.PID, "?");
    }

    private static Hashtable<String, Object> properties(Configuration configuration) {
        var properties = new Hashtable<String, Object>();
        var known = configuration.getProperties();
        if (known != null) {
            known.keys().asIterator().forEachRemaining(key -> properties.put(key, known.get(key)));
        }
        return properties;
    }

    private static DownloadException refusal(String what) {
        return new DownloadException(
                ErrorClass.ACCOUNT, "The Fshare account was not changed: " + what + ".");
    }

    private static DownloadException failure(String what, IOException cause) {
        return new DownloadException(
                ErrorClass.IO,
                "The Fshare account could not be " + what + ": " + cause.getMessage(),
                cause);
    }
}
