package dev.capstan.host.deezer.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake's writer gives the published vectors of the cipher. */
class StripeWriterTest {
    private static final String SECRET = "0123456789abcdef";
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({
        "1, 6361323135373c6e6f6f346e69636436, 9ddcc3c0df0bb90fd16554db77d08dac,"
                + " 03d032e7e6d9cb57db4374b8937caabfe7b14c0e8e48388c20fe4d513465f31e",
        "123456789, 3a31323f603a3e653a6964326335663c, 6a7a835f5c8bf89b01985561a61dac8a,"
                + " a0fde2dbc63ad36b1480253255e2b2b7fa6b5f81b84b3395a79701bc4a75a211"
    })
    void givesTheVectors(long id, String key, String first, String sha256) {
        var plain = plain(9144);

        var wire = StripeWriter.write(id, SECRET, plain);

        assertThat(Body.of(plain).sha256())
                .isEqualTo("32c0dad10cc624df4d0764c85909364c37f83e92603764c8c55c3faefdb64de2");
        assertThat(HEX.formatHex(StripeWriter.key(id, SECRET))).isEqualTo(key);
        assertThat(HEX.formatHex(wire, 0, 16)).isEqualTo(first);
        assertThat(Body.of(wire).sha256()).isEqualTo(sha256);
    }

    @Test
    void leavesEverythingButFullThirdBlocksAlone() {
        var plain = plain(6144 + 2047);

        var wire = StripeWriter.write(1, SECRET, plain);

        assertThat(wire).hasSize(plain.length);
        assertThat(Arrays.copyOf(wire, 2048)).isNotEqualTo(Arrays.copyOf(plain, 2048));
        assertThat(Arrays.copyOfRange(wire, 2048, wire.length))
                .isEqualTo(Arrays.copyOfRange(plain, 2048, plain.length));
        assertThat(StripeWriter.write(1, SECRET, plain(2048))).isEqualTo(Arrays.copyOf(wire, 2048));
        assertThat(StripeWriter.write(1, SECRET, plain(400))).isEqualTo(plain(400));
    }

    private static byte[] plain(int length) {
        var plain = new byte[length];
        for (var i = 0; i < length; i++) {
            plain[i] = (byte) (i % 251);
        }
        return plain;
    }
}
