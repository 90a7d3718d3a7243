package dev.capstan.decrypt.standard;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.secret.spi.Secrets;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Finds keys by reference: a property of a configuration holds the key, or names the secret that
 * does (S7). Every message names the reference, none the key (C4). Safe for any thread.
 */
final class Keys {
    private static final Pattern REFERENCE =
            Pattern.compile("([A-Za-z0-9_.~-]{1,200}):([A-Za-z0-9_.-]{1,100})");

    private final ConfigurationAdmin configurations;
    private final Secrets secrets;

    Keys(ConfigurationAdmin configurations, Secrets secrets) {
        this.configurations = configurations;
        this.secrets = secrets;
    }

    /**
     * The key a cipher refers to.
     *
     * @param lengths in bytes, one of which it must have
     * @throws DownloadException with DECRYPT if it is not configured or malformed
     */
    byte[] key(CipherSpec spec, int... lengths) throws DownloadException {
        var reference = spec.keyReference();
        var text = text(reference);
        if (text == null || text.isBlank()) {
            throw refused(reference, "is not configured; set it and retry");
        }
        try {
            var bytes = HexFormat.of().parseHex(text.strip());
            if (Arrays.stream(lengths).anyMatch(length -> length == bytes.length)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Its message would quote the key.
        }
        throw refused(reference, "is malformed: in hex, of " + Arrays.toString(lengths) + " bytes");
    }

    private @Nullable String text(String reference) throws DownloadException {
        var parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            throw refused(reference, "is not of the form PID:PROPERTY");
        }
        try {
            var found = configurations.listConfigurations("(service.pid=" + parts.group(1) + ")");
            var value = found == null ? null : found[0].getProperties().get(parts.group(2));
            return value instanceof String text && !text.isBlank()
                    ? secrets.get(text).orElse(null)
                    : null;
        } catch (IOException e) {
            throw refused(reference, "cannot be read: " + e.getMessage());
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DownloadException refused(String reference, String why) {
        return new DownloadException(
                ErrorClass.DECRYPT, "The key " + reference + " of the cipher " + why + ".");
    }
}
