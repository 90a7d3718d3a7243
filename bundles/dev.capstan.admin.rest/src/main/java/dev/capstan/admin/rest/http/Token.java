package dev.capstan.admin.rest.http;

import dev.capstan.name.DataFolder;
import dev.capstan.name.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The administrator's token: 256 random bits in {@code DIR/token}, made at the first start (S5).
 * Compared in constant time. Immutable.
 */
@Component(service = Token.class)
public final class Token {
    private static final int BYTES = 32;

    private final Path file;
    private final byte[] token;

    /** Reads the token, or makes it. */
    @Activate
    public Token(BundleContext context) throws IOException {
        this(DataFolder.of(context).root());
    }

    Token(Path folder) throws IOException {
        file = folder.resolve("token");
        if (!Files.exists(file)) {
            make();
        }
        token = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
        if (token.length < BYTES) {
            throw new IOException(
                    file + " holds no token: delete it, and a new one is made at the next start");
        }
    }

    /** Where it is. */
    public Path file() {
        return file;
    }

    /** Tells whether something is the token, in the same time whatever it is. */
    public boolean is(String offered) {
        return MessageDigest.isEqual(offered.getBytes(StandardCharsets.UTF_8), token);
    }

    /** It appears whole and with its mode, so that nobody reads half of it or too much. */
    private void make() throws IOException {
        var random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        var owner = PosixFilePermissions.fromString("rw-------");
        Files.createDirectories(file.toAbsolutePath().getParent());
        DurableFile.write(file, text, PosixFilePermissions.asFileAttribute(owner));
    }
}
