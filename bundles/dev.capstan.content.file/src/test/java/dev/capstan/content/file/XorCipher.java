package dev.capstan.content.file;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import java.nio.ByteBuffer;
import java.util.Map;

/** A cipher that is easy to see through: each byte depends on its position only. */
final class XorCipher implements Decryptor {
    static final Map<String, Object> PROPERTIES = Map.of(SCHEMES, new String[] {"XOR"});

    static CipherSpec spec(Map<String, String> parameters) {
        return new CipherSpec("XOR", parameters, "test:key");
    }

    static byte[] encipher(byte[] plain) {
        var bytes = plain.clone();
        apply(0, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static void apply(long position, ByteBuffer bytes) {
        for (var i = bytes.position(); i < bytes.limit(); i++) {
            var at = position + i - bytes.position();
            bytes.put(i, (byte) (bytes.get(i) ^ (byte) (at * 31 + (at >> 8) + 7)));
        }
    }

    @Override
    public Transform open(CipherSpec spec) {
        var alignment = Integer.parseInt(spec.parameters().getOrDefault("alignment", "48"));
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
                apply(position, bytes);
            }
        };
    }
}
