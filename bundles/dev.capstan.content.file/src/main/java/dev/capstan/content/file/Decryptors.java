package dev.capstan.content.file;

import dev.capstan.decrypt.spi.CipherSpec;
import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import java.nio.ByteBuffer;
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
                return promised(candidate.getKey().open(cipher), cipher);
            }
        }
        throw new DownloadException(
                ErrorClass.DECRYPT,
                "Nothing here undoes the cipher "
                        + cipher.scheme()
                        + "; install the bundle that does.",
                Detail.NO_DECRYPTOR,
                null,
                null);
    }

    /** D19: whoever deciphers from the beginning, in whatever place, sees what was promised. */
    private static Decryptor.Transform promised(Decryptor.Transform transform, CipherSpec cipher) {
        var mediaType = cipher.parameters().get(CipherSpec.MEDIA_TYPE);
        return mediaType == null ? transform : new PromisedStart(transform, mediaType);
    }

    private record PromisedStart(Decryptor.Transform transform, String mediaType)
            implements Decryptor.Transform {

        @Override
        public int alignment() {
            return transform.alignment();
        }

        @Override
        public void decrypt(long position, ByteBuffer bytes) throws DownloadException {
            transform.decrypt(position, bytes);
            if (position == 0 && bytes.hasRemaining() && !MediaStart.fits(mediaType, bytes)) {
                throw new DownloadException(
                        ErrorClass.DECRYPT,
                        "The deciphered bytes are no "
                                + mediaType
                                + ": the key is wrong, or the source sent something else.");
            }
        }
    }
}
