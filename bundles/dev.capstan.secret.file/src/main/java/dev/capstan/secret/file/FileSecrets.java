package dev.capstan.secret.file;

import dev.capstan.name.DataFolder;
import dev.capstan.secret.spi.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Secrets in a {@link PrivateFolder} or in the environment (S7). It remembers nothing, so what an
 * operator changes counts at once, and any number of threads may use it.
 */
@Component(configurationPid = FileSecrets.PID)
@Designate(ocd = FileSecrets.Configuration.class)
public final class FileSecrets implements Secrets {
    static final String PID = "dev.capstan.secret.file";

    private static final String FILE = "file:";
    private static final String ENVIRONMENT = "env:";
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");

    private final PrivateFolder folder;
    private final Function<String, @Nullable String> environment;

    /** Where the secrets are. */
    @ObjectClassDefinition(name = "Capstan: secrets", description = "Where secrets are kept.")
    @interface Configuration {

        @AttributeDefinition(
                name = "Folder",
                description =
                        "Folder of mode 0700 with one file of mode 0600 for each secret. Empty for"
                                + " \"secrets\" in the data folder; a relative one lies there too.")
        String directory() default "";
    }

    /**
     * Creates the service.
     *
     * @param context tells the data folder
     * @param configuration where the secrets are
     */
    @Activate
    public FileSecrets(BundleContext context, Configuration configuration) {
        this(directory(DataFolder.of(context), configuration.directory()), System::getenv);
    }

    FileSecrets(Path directory, Function<String, @Nullable String> environment) {
        folder = new PrivateFolder(directory);
        folder.removeLeftovers();
        this.environment = environment;
    }

    private static Path directory(DataFolder data, String configured) {
        return configured.isBlank() ? data.secrets() : data.root().resolve(configured.strip());
    }

    @Override
    public Optional<String> get(String reference) throws IOException {
        if (reference.startsWith(FILE)) {
            return folder.read(named(reference.substring(FILE.length())));
        }
        if (reference.startsWith(ENVIRONMENT)) {
            return Optional.ofNullable(environment.apply(reference.substring(ENVIRONMENT.length())))
                    .filter(secret -> !secret.isEmpty());
        }
        return Optional.of(reference);
    }

    @Override
    public String put(String name, String secret) throws IOException {
        folder.write(named(name), secret);
        return FILE + name;
    }

    @Override
    public void remove(String reference) throws IOException {
        if (reference.startsWith(FILE)) {
            folder.delete(named(reference.substring(FILE.length())));
        }
    }

    private static String named(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            // Not repeated: it may be a secret that happens to begin like a reference.
            throw new IOException(
                    "The name of a secret is 1 to 100 letters, digits, dots, hyphens or"
                            + " underscores; this one is not");
        }
        return name;
    }
}
