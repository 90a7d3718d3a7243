package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.content.Validator;
import dev.capstan.content.spi.Identity;
import dev.capstan.content.spi.RangeSet;
import dev.capstan.decrypt.spi.CipherSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * What the range journal says with the disk as its witness: the identity of the source and the
 * ranges that were synced (P2). Numbers are big-endian, texts UTF-8 behind a four-byte length, −1
 * for null.
 *
 * <table>
 * <caption>The body of a checkpoint</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>8</td><td>generation; the higher of two is believed</td></tr>
 * <tr><td>8, 8, 8</td><td>inode, size and modification time (ns) of the data file</td></tr>
 * <tr><td>8</td><td>length of the whole, −1 while unknown</td></tr>
 * <tr><td>text, text, text</td><td>ETag, revision, media type</td></tr>
 * <tr><td>1</td><td>0 no date, 1 a weak date, 2 a strong date of the last change</td></tr>
 * <tr><td>8, 4</td><td>that date: seconds since 1970 and nanoseconds; only if there is one</td></tr>
 * <tr><td>text</td><td>scheme of the cipher; if it is not null there follow its key reference
 *     (text), a count (4) and so many names and values (text, text)</td></tr>
 * <tr><td>text</td><td>SHA-256 under which the bytes are about to be published, or null</td></tr>
 * <tr><td>4</td><td>count of digests the source promised</td></tr>
 * <tr><td>text, text each</td><td>algorithm, value in hexadecimal</td></tr>
 * <tr><td>4</td><td>count of ranges</td></tr>
 * <tr><td>8, 8 each</td><td>first byte, first byte after</td></tr>
 * </table>
 *
 * @param generation counts up
 * @param file what the data file looked like
 * @param identity of the source
 * @param cipher of the wire bytes, or null
 * @param publishing the content being made of them, or null
 * @param ranges bytes that were synced
 */
record Checkpoint(
        long generation,
        FileState file,
        Identity identity,
        @Nullable CipherSpec cipher,
        @Nullable String publishing,
        RangeSet ranges) {

    /** A text of a source that is longer is not kept: it is then as if it had not been said. */
    private static final int LONGEST_TEXT = 4096;

    /**
     * Writes the body.
     *
     * @param most bytes it may have; of too many ranges the longest are kept, the others are
     *     fetched again
     */
    byte[] encode(int most) {
        try {
            var bytes = new ByteArrayOutputStream(512);
            var out = new DataOutputStream(bytes);
            out.writeLong(generation);
            out.writeLong(file.inode());
            out.writeLong(file.size());
            out.writeLong(file.modified());
            out.writeLong(identity.length());
            var validator = identity.validator();
            writeText(out, shortOrNull(validator.etag()));
            writeText(out, shortOrNull(validator.revision()));
            writeText(out, shortOrNull(identity.mediaType()));
            var date = validator.lastModified();
            if (date == null) {
                out.writeByte(0);
            } else {
                out.writeByte(validator.lastModifiedIsStrong() ? 2 : 1);
                out.writeLong(date.getEpochSecond());
                out.writeInt(date.getNano());
            }
            writeCipher(out, cipher);
            writeText(out, publishing);
            out.writeInt(identity.digests().size());
            for (var digest : identity.digests()) {
                writeText(out, digest.algorithm());
                writeText(out, digest.hex());
            }
            var kept = longest(ranges, Math.max(0, (most - out.size() - 4) / 16));
            out.writeInt(kept.ranges().size());
            for (var range : kept.ranges()) {
                out.writeLong(range.from());
                out.writeLong(range.to());
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("Memory does not fail to be written", e);
        }
    }

    /** Reads a body; null if it is none. */
    static @Nullable Checkpoint decode(byte[] body) {
        try (var in = new DataInputStream(new ByteArrayInputStream(body))) {
            var generation = in.readLong();
            var file = new FileState(in.readLong(), in.readLong(), in.readLong(), 0);
            var length = in.readLong();
            var etag = readText(in);
            var revision = readText(in);
            var mediaType = readText(in);
            var dated = in.readByte();
            var date = dated == 0 ? null : Instant.ofEpochSecond(in.readLong(), in.readInt());
            var cipher = readCipher(in);
            var publishing = readText(in);
            var digests = new HashSet<Digest>();
            for (var left = in.readInt(); left > 0; left--) {
                digests.add(new Digest(String.valueOf(readText(in)), String.valueOf(readText(in))));
            }
            var ranges = RangeSet.EMPTY;
            for (var left = in.readInt(); left > 0; left--) {
                ranges = ranges.plus(in.readLong(), in.readLong());
            }
            var identity =
                    new Identity(
                            length,
                            new Validator(etag, date, dated == 2, revision),
                            mediaType,
                            digests);
            return new Checkpoint(generation, file, identity, cipher, publishing, ranges);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static RangeSet longest(RangeSet ranges, int most) {
        var all = ranges.ranges();
        if (all.size() <= most) {
            return ranges;
        }
        var kept = RangeSet.EMPTY;
        for (var range :
                all.stream()
                        .sorted(Comparator.comparingLong(r -> -r.length()))
                        .limit(most)
                        .toList()) {
            kept = kept.plus(range.from(), range.to());
        }
        return kept;
    }

    private static void writeCipher(DataOutputStream out, @Nullable CipherSpec cipher)
            throws IOException {
        writeText(out, cipher == null ? null : cipher.scheme());
        if (cipher != null) {
            writeText(out, cipher.keyReference());
            out.writeInt(cipher.parameters().size());
            for (var parameter : cipher.parameters().entrySet()) {
                writeText(out, parameter.getKey());
                writeText(out, parameter.getValue());
            }
        }
    }

    private static @Nullable CipherSpec readCipher(DataInputStream in) throws IOException {
        var scheme = readText(in);
        if (scheme == null) {
            return null;
        }
        var key = String.valueOf(readText(in));
        var parameters = new HashMap<String, String>();
        for (var left = in.readInt(); left > 0; left--) {
            parameters.put(String.valueOf(readText(in)), String.valueOf(readText(in)));
        }
        return new CipherSpec(scheme, parameters, key);
    }

    private static @Nullable String shortOrNull(@Nullable String text) {
        return text != null && text.length() > LONGEST_TEXT ? null : text;
    }

    private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        var length = in.readInt();
        if (length < 0) {
            return null;
        }
        if (length > in.available()) {
            throw new IOException("A text is longer than the body it is in");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** The first byte after all claimed ones. */
    long end() {
        var all = ranges.ranges();
        return all.isEmpty() ? 0 : all.get(all.size() - 1).to();
    }
}
