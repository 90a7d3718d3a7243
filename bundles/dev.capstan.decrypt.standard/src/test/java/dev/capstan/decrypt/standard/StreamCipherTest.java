package dev.capstan.decrypt.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.decrypt.spi.Decryptor.Transform;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is these ciphers' own, beside the contract. */
class StreamCipherTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 400, 2_047, 2_048, 2_049, 6_144, 9_144, 18_432})
    @DisplayName("D16: the length stays as it is")
    void lengthsStay(int length) throws Exception {
        for (var vector : Vector.values()) {
            var bytes = ByteBuffer.allocate(length);
            vector.transform().decrypt(0, bytes);
            assertThat(bytes.remaining()).isEqualTo(length);
        }
    }

    @Test
    @DisplayName("The counter of AES carries over all of its 128 bits")
    void theCounterCarries() throws Exception {
        var key = new byte[16];
        var wrapping = new AesCtr(key, HexFormat.of().parseHex("ff".repeat(16)));
        var zero = new AesCtr(key, new byte[16]);
        var behind = whole(wrapping, new byte[48]);

        assertThat(Arrays.copyOfRange(behind, 16, 48)).isEqualTo(whole(zero, new byte[32]));
        var far = ByteBuffer.allocate(16);
        wrapping.decrypt(1L << 40, far);
        var same = ByteBuffer.allocate(16);
        zero.decrypt((1L << 40) - 16, same);
        assertThat(far).isEqualTo(same);
        var counted =
                new AesCtr(key, HexFormat.of().parseHex("0000000000000000" + "0000000fffffffff"));
        var begun = ByteBuffer.allocate(16);
        counted.decrypt(0, begun);
        assertThat(far).as("block 2^36 - 1 of 0 is block 0 of 2^36 - 1").isEqualTo(begun);
    }

    @Test
    @DisplayName("ChaCha20 ends where its numbers end, instead of using a block twice")
    void blocksAreNotUsedTwice() throws Exception {
        var transform = new ChaCha20(new byte[32], new byte[12], 0xffff_fffeL);
        transform.decrypt(0, ByteBuffer.allocate(128));

        assertThatThrownBy(() -> transform.decrypt(0, ByteBuffer.allocate(129)))
                .isInstanceOfSatisfying(
                        DownloadException.class,
                        e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.DECRYPT));
        assertThatThrownBy(() -> transform.decrypt(128, ByteBuffer.allocate(1)))
                .isInstanceOf(DownloadException.class);
    }

    private static byte[] whole(Transform transform, byte[] wire) throws DownloadException {
        var bytes = wire.clone();
        transform.decrypt(0, ByteBuffer.wrap(bytes));
        return bytes;
    }
}
