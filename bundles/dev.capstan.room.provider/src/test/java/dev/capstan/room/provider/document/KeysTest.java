package dev.capstan.room.provider.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R1: keys and signatures, and the vectors of RFC 8032 section 7.1. */
class KeysTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String PUBLIC =
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                + "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + PUBLIC
                + ",72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                + "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                + "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
                + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
                + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a8"
                + "36ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
                + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ec"
                + "fdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    })
    @DisplayName("The vectors of RFC 8032 sign and verify, and their keys are written and read")
    void signsAsTheStandardSays(String seed, String key, String message, String signature) {
        var text = text(key);
        var pair = Keys.pair(text, Keys.encode(HEX.parseHex(seed)));
        var signed = Keys.sign(HEX.parseHex(message), pair.getPrivate());

        assertThat(HEX.formatHex(signed)).isEqualTo(signature);
        assertThat(Keys.isSigned(HEX.parseHex(message), signed, Keys.publicKey(text))).isTrue();
        assertThat(Keys.text(Keys.publicKey(text))).isEqualTo(text);
        assertThat(Keys.text(pair.getPublic())).isEqualTo(text);
        assertThat(HEX.formatHex(decoded(Keys.seed(pair.getPrivate())))).isEqualTo(seed);
    }

    @Test
    @DisplayName("A signature fits its message, its key and its length only")
    void refusesWhatDoesNotFit() {
        var pair = Keys.generate();
        var message = new byte[] {1, 2, 3};
        var signature = Keys.sign(message, pair.getPrivate());
        var flipped = signature.clone();
        flipped[40] ^= 1;
        var longer = Arrays.copyOf(signature, 65);

        assertThat(Keys.isSigned(message, signature, pair.getPublic())).isTrue();
        assertThat(Keys.isSigned(new byte[] {1, 2, 4}, signature, pair.getPublic())).isFalse();
        assertThat(Keys.isSigned(message, signature, Keys.generate().getPublic())).isFalse();
        for (var bad : List.of(flipped, longer, new byte[0], new byte[63], new byte[64])) {
            assertThat(Keys.isSigned(message, bad, pair.getPublic())).isFalse();
        }
        // S and S plus the order of the group would both do: only the smaller may (section 8.4).
        assertThat(Keys.isSigned(message, withLargerS(signature), pair.getPublic())).isFalse();
    }

    @Test
    @DisplayName("Keys that are made are written as they are read, whichever way their point lies")
    void writesWhatItReads() {
        for (var i = 0; i < 16; i++) {
            var made = Keys.generate().getPublic();

            assertThat(Keys.publicKey(Keys.text(made))).isEqualTo(made);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The eight points whose order divides eight
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                // y as large as the prime, and larger: a second spelling
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                // x is zero and said to be odd
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                // On no point of the curve
                "0200000000000000000000000000000000000000000000000000000000000000",
            })
    @DisplayName("Points of small order, off the curve or spelled in a second way are no keys")
    void refusesBadPoints(String hex) {
        assertThatThrownBy(() -> Keys.publicKey(text(hex)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no public key");
    }

    @Test
    @DisplayName("Only one text stands for a key")
    void refusesOtherSpellings() {
        var good = text(PUBLIC);
        // 43 characters hold 258 bits, of which the last two stand for nothing.
        var tail = good.substring(0, good.length() - 1) + (char) (good.charAt(50) + 1);
        var bad =
                List.of(
                        tail,
                        good + "=",
                        good + "A",
                        good.substring(0, 50),
                        " " + good,
                        good + "\n",
                        good.replace("ed25519:", ""),
                        good.replace("ed25519:", "Ed25519:"),
                        good.replace("ed25519:", "ed448:"),
                        good.substring(0, 20) + "+" + good.substring(21),
                        good.substring(0, 20) + "ö" + good.substring(21),
                        "");

        assertThat(Keys.publicKey(good)).isNotNull();
        for (var text : bad) {
            assertThatThrownBy(() -> Keys.publicKey(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @DisplayName("Halves of different keys are no pair, and no message repeats one")
    void refusesForeignHalves() {
        var seed = Keys.seed(Keys.generate().getPrivate());

        assertThatThrownBy(() -> Keys.pair(text(PUBLIC), seed))
                .hasMessageNotContaining(seed)
                .hasNoCause();
        assertThatThrownBy(() -> Keys.pair(text(PUBLIC), seed + "!"))
                .hasMessageNotContaining(seed)
                .hasNoCause();
    }

    private static byte[] withLargerS(byte[] signature) {
        var order =
                HEX.parseHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        var larger = signature.clone();
        for (int i = 0, carry = 0; i < 32; i++) {
            var sum = (signature[32 + i] & 0xFF) + (order[i] & 0xFF) + carry;
            larger[32 + i] = (byte) sum;
            carry = sum >> 8;
        }
        return larger;
    }

    private static byte[] decoded(String text) {
        return Keys.decode(text, 32);
    }

    private static String text(String hex) {
        return "ed25519:" + Keys.encode(HEX.parseHex(hex));
    }
}
