package dev.capstan.itest.play;

import dev.capstan.content.SourceKey;
import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.host.spi.DirectLink;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.ResolveContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * A plug-in of the tests: {@code sealed://HOST:PORT/NAME} is an enciphered file at the same address
 * over HTTP, and its cipher can only be undone in whole units.
 *
 * <p>Each unit is turned round, and its bytes are changed by their position.
 */
public final class SealedHost implements HostResolver, Decryptor {
    static final String SCHEME = "sealed";
    static final String CIPHER = "TEST_TURNED";

    private static final int UNIT = 240;

    @Override
    public Optional<String> recognise(String link) {
        return link.startsWith(SCHEME + "://") ? Optional.of(link) : Optional.empty();
    }

    @Override
    public Resolution resolve(String link, ResolveContext context) {
        var uri = URI.create("http" + link.substring(SCHEME.length()));
        var name = uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1);
        return new Resolution.Found(
                RemoteFile.of(new SourceKey(SCHEME, link), DirectLink.of(uri))
                        .guessedName(name)
                        .cipher(new CipherSpec(CIPHER, Map.of(), "test:none")));
    }

    @Override
    public Transform open(CipherSpec spec) {
        return new Turning();
    }

    private static final class Turning implements Transform {

        @Override
        public int alignment() {
            return UNIT;
        }

        @Override
        public void decrypt(long position, ByteBuffer bytes) {
            var wire = new byte[bytes.remaining()];
            bytes.duplicate().get(wire);
            bytes.duplicate().put(turn(wire, position, false));
        }
    }

    /** What an origin has of a file. */
    public static byte[] seal(byte[] plain) {
        return turn(plain, 0, true);
    }

    private static byte[] turn(byte[] from, long position, boolean seals) {
        var to = new byte[from.length];
        for (int unit = 0; unit < from.length; unit += UNIT) {
            var length = Math.min(UNIT, from.length - unit);
            for (int i = 0; i < length; i++) {
                var plainAt = unit + i;
                var wireAt = unit + length - 1 - i;
                var key = (byte) ((position + plainAt) * 131 >>> 3);
                if (seals) {
                    to[wireAt] = (byte) (from[plainAt] ^ key);
                } else {
                    to[plainAt] = (byte) (from[wireAt] ^ key);
                }
            }
        }
        return to;
    }
}
