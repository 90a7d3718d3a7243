package dev.capstan.itest.swap;

import dev.capstan.content.SourceKey;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import dev.capstan.itest.PluginJar;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A plug-in of the tests: {@code vault://HOST:PORT/NAME} is enciphered by a published cipher, at
 * the same address over HTTP, under a key that the plug-in's configuration has.
 */
public final class VaultHost implements HostResolver {
    private static final String PID = "test.vault";
    private static final String KEY = "00112233445566778899aabbccddeeff";
    private static final String IV = "fffffffffffffffffffffffffffffff0";

    @Override
    public Optional<String> recognise(String link) {
        return link.startsWith("vault://") ? Optional.of(link) : Optional.empty();
    }

    @Override
    public Resolution resolve(String link, ResolveContext context) {
        var uri = URI.create("http" + link.substring("vault".length()));
        return new Resolution.Found(
                RemoteFile.of(new SourceKey("vault", link), DirectLink.of(uri))
                        .guessedName(uri.getPath().substring(1))
                        .cipher(new CipherSpec("AES_CTR", Map.of("iv", IV), PID + ":key")));
    }

    /** Writes a feature of the plug-in and its configuration; gives the feature's file. */
    static Path writeFeature(Path folder) throws IOException {
        PluginJar.write(
                folder.resolve("vault-1.0.0.jar"),
                "vault",
                VaultHost.class,
                "dev.capstan.content",
                "dev.capstan.decrypt.spi",
                "dev.capstan.host.spi");
        return Files.writeString(
                folder.resolve("feature.json"),
                """
                {
                  "feature-resource-version": "1.0",
                  "id": "test:vaults:1.0.0",
                  "bundles": [ { "id": "test:vault:1.0.0" } ],
                  "configurations": { "%s": { "key": "%s" } }
                }
                """
                        .formatted(PID, KEY));
    }

    /** What an origin has of a file. */
    static byte[] seal(byte[] plain) throws GeneralSecurityException {
        var hex = HexFormat.of();
        var cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(hex.parseHex(KEY), "AES"),
                new IvParameterSpec(hex.parseHex(IV)));
        return cipher.doFinal(plain);
    }
}
