package dev.capstan.content.file;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * A cipher that is easy to see through, and needs whole units: each byte depends on its position
 * and on the next byte of its unit.
 */
final class XorCipher implements Decryptor {
    static final Map<String, Object> PROPERTIES = Map.of(SCHEMES, new String[] {"XOR"});
    static final int ALIGNMENT = 48;

    static CipherSpec spec(int alignment) {
        var parameters = Map.of("alignment", String.valueOf(alignment));
        return new CipherSpec("XOR", parameters, "test:key");
    }

    static byte[] encipher(byte[] plain, int alignment) {
        var wire = plain.clone();
        for (var i = wire.length - 1; i >= 0; i--) {
            var last = i == wire.length - 1 || (i + 1) % alignment == 0;
            wire[i] ^= (byte) (key(i) ^ (last ? 0 : wire[i + 1]));
        }
        return wire;
    }

    private static byte key(long position) {
        return (byte) (position * 31 + (position >> 8) + 7);
    }

    @Override
    public Transform open(CipherSpec spec) {
        var alignment = Integer.parseInt(spec.parameters().get("alignment"));
        return new Transform() {
            @Override
            public int alignment() {
                return alignment;
            }

            @Override
            public void decrypt(long position, ByteBuffer bytes) {
                if (position % alignment != 0) {
                    throw new IllegalArgumentException("Off the alignment: " + position);
                }
                for (var i = bytes.position(); i < bytes.limit(); i++) {
                    var at = position + i - bytes.position();
                    var last = i == bytes.limit() - 1 || (at + 1) % alignment == 0;
                    var plain = bytes.get(i) ^ key(at) ^ (last ? 0 : bytes.get(i + 1));
                    bytes.put(i, (byte) plain);
                }
            }
        };
    }
}
