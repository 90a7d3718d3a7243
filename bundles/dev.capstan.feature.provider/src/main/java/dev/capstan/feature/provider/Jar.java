package dev.capstan.feature.provider;

import static org.osgi.framework.Constants.BUNDLE_SYMBOLICNAME;
import static org.osgi.framework.Constants.BUNDLE_VERSION;

import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Version;

/**
 * A file that is a bundle.
 *
 * @param path where it is; nobody else writes there
 * @param symbolicName its symbolic name
 * @param version its version
 * @param digest SHA-256 of its bytes
 */
record Jar(Path path, String symbolicName, Version version, String digest) {

    /**
     * Reads what a file says of itself.
     *
     * @throws IOException if it is no whole zip file, or cannot be read
     * @throws FeatureException if it is a zip file and no bundle
     */
    static Jar read(Path path) throws IOException, FeatureException {
        var attributes = manifest(path).getMainAttributes();
        var name = attributes.getValue(BUNDLE_SYMBOLICNAME);
        if (name == null) {
            throw new FeatureException(
                    Reason.INVALID, path.getFileName() + " is a jar and no OSGi bundle", null);
        }
        try {
            return new Jar(
                    path,
                    name.split(";", 2)[0].strip(),
                    Version.parseVersion(attributes.getValue(BUNDLE_VERSION)),
                    digest(path));
        } catch (IllegalArgumentException e) {
            throw new FeatureException(
                    Reason.INVALID, path.getFileName() + " has a malformed Bundle-Version", e);
        }
    }

    Manifest manifest() throws IOException {
        return manifest(path);
    }

    private static Manifest manifest(Path path) throws IOException {
        try (var jar = new JarFile(path.toFile(), false)) {
            var manifest = jar.getManifest();
            return manifest == null ? new Manifest() : manifest;
        }
    }

    static String digest(Path path) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(path), sha256())) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return symbolicName + " " + version;
    }
}
