package dev.capstan.content.file;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ciphers that can be undone now; they come and go with their bundles. */
final class Decryptors {
    private final Map<Decryptor, List<String>> schemes = new ConcurrentHashMap<>();

    void add(Decryptor decryptor, Map<String, ?> properties) {
        var claimed = properties.get(Decryptor.SCHEMES);
        if (claimed instanceof String one) {
            schemes.put(decryptor, List.of(one));
        } else if (claimed instanceof String[] several) {
            schemes.put(decryptor, Arrays.asList(several));
        }
    }

    void remove(Decryptor decryptor) {
        schemes.remove(decryptor);
    }

    Decryptor.Transform open(CipherSpec cipher) throws DownloadException {
        for (var candidate : schemes.entrySet()) {
            if (candidate.getValue().contains(cipher.scheme())) {
                return candidate.getKey().open(cipher);
            }
        }
        throw new DownloadException(
                ErrorClass.DECRYPT,
                "Nothing here undoes the cipher "
                        + cipher.scheme()
                        + "; install the bundle that does.");
    }
}
