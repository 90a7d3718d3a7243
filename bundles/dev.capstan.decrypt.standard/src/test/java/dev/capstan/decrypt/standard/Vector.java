package dev.capstan.decrypt.standard;

import dev.capstan.decrypt.spi.CipherSpec;
import java.util.HexFormat;
import java.util.Map;

/** What a standard publishes of a cipher: plain and wire bytes under a key. */
enum Vector {
    /** NIST SP 800-38A, F.5.2. */
    AES_128(
            "2b7e151628aed2a6abf7158809cf4f3c",
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                    + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"),
    /** NIST SP 800-38A, F.5.4. */
    AES_192(
            "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
            "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94"
                    + "1e36b26bd1ebc670d1bd1d665620abf74f78a7f6d29809585a97daec58c6b050"),
    /** NIST SP 800-38A, F.5.6. */
    AES_256(
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                    + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"),
    /** RFC 8439, 2.4.2. */
    CHACHA20(
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
                    + "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
                    + "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
                    + "5af90bbf74a35be6b40b8eedf2785e42874d");

    private static final String FIRST_COUNTER = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    private static final String CHACHA_NONCE = "000000000000004a00000000";
    private static final String AES_PLAIN =
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                    + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
    private static final String CHACHA_PLAIN =
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the"
                    + " future, sunscreen would be it.";

    private final byte[] key;
    private final byte[] wire;

    Vector(String key, String wire) {
        this.key = HexFormat.of().parseHex(key);
        this.wire = HexFormat.of().parseHex(wire);
    }

    String key() {
        return HexFormat.of().formatHex(key);
    }

    CipherSpec spec(String keyReference) {
        return this == CHACHA20
                ? new CipherSpec(
                        StandardDecryptor.CHACHA20,
                        Map.of("nonce", CHACHA_NONCE, "counter", "1"),
                        keyReference)
                : new CipherSpec(
                        StandardDecryptor.AES_CTR, Map.of("iv", FIRST_COUNTER), keyReference);
    }

    byte[] wire() {
        return wire.clone();
    }

    byte[] plain() {
        return this == CHACHA20
                ? CHACHA_PLAIN.getBytes(java.nio.charset.StandardCharsets.US_ASCII)
                : HexFormat.of().parseHex(AES_PLAIN);
    }

    StreamCipher transform() {
        return this == CHACHA20
                ? new ChaCha20(key, HexFormat.of().parseHex(CHACHA_NONCE), 1)
                : new AesCtr(key, HexFormat.of().parseHex(FIRST_COUNTER));
    }
}
