package dev.capstan.decrypt.standard;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.secret.spi.Secrets;
import java.util.HexFormat;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Undoes published stream ciphers (C1 to C4):
 *
 * <table>
 * <caption>Schemes</caption>
 * <tr><th>scheme</th><th>key</th><th>parameters</th></tr>
 * <tr><td>{@code AES_CTR}</td><td>16, 24 or 32 bytes</td><td>{@code iv}: the first counter block,
 *     16 bytes; the whole block counts (NIST SP 800-38A §6.5)</td></tr>
 * <tr><td>{@code CHACHA20}</td><td>32 bytes</td><td>{@code nonce}: 12 bytes; {@code counter}: of
 *     the first block, 0 where absent (RFC 8439 §2.4)</td></tr>
 * </table>
 *
 * <p>Keys and parameters are written in hexadecimal digits. Neither cipher tells a wrong key from a
 * right one: whoever knows what the plain bytes are says so in the {@link CipherSpec}.
 *
 * <p>Safe for any thread. It reads a configuration and at most one small file, and nothing else.
 */
@Component(
        property = {
            Decryptor.SCHEMES + "=" + StandardDecryptor.AES_CTR,
            Decryptor.SCHEMES + "=" + StandardDecryptor.CHACHA20
        })
public final class StandardDecryptor implements Decryptor {
    static final String AES_CTR = "AES_CTR";
    static final String CHACHA20 = "CHACHA20";

    private final Keys keys;

    /**
     * Creates the service.
     *
     * @param configurations where key references lead to
     * @param secrets where the keys are, if a configuration only names them
     */
    @Activate
    public StandardDecryptor(
            @Reference ConfigurationAdmin configurations, @Reference Secrets secrets) {
        keys = new Keys(configurations, secrets);
    }

    @Override
    public Transform open(CipherSpec spec) throws DownloadException {
        return switch (spec.scheme()) {
            case AES_CTR -> new AesCtr(keys.key(spec, 16, 24, 32), bytes(spec, "iv", 16));
            case CHACHA20 ->
                    new ChaCha20(keys.key(spec, 32), bytes(spec, "nonce", 12), counter(spec));
            default -> throw refused(spec, "is not one of AES_CTR and CHACHA20");
        };
    }

    private static byte[] bytes(CipherSpec spec, String name, int length) throws DownloadException {
        try {
            var bytes = HexFormat.of().parseHex(spec.parameters().getOrDefault(name, ""));
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with a wrong length.
        }
        throw refused(spec, "needs the parameter " + name + ", " + length + " bytes in hex");
    }

    private static long counter(CipherSpec spec) throws DownloadException {
        try {
            return Integer.toUnsignedLong(
                    Integer.parseUnsignedInt(spec.parameters().getOrDefault("counter", "0"), 16));
        } catch (NumberFormatException e) {
            throw refused(spec, "has a counter that is none of 32 bits in hex");
        }
    }

    private static DownloadException refused(CipherSpec spec, String why) {
        return new DownloadException(
                ErrorClass.DECRYPT, "The cipher " + spec.scheme() + " " + why + ".");
    }
}
