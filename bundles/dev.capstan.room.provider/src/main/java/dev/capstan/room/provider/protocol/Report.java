package dev.capstan.room.provider.protocol;

import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one user (R10). As the content of a message several of them follow each other.
 * Users and pieces go by their places in the room's configuration, from 0; what is not told has not
 * changed.
 *
 * <pre>
 * bytes  what
 *     2  users that follow; of each
 *     2    place of the user
 *     1    1 if connected, else 0
 *     2    pieces that follow; of each
 *     2      place of the piece
 *     1      0 NOT_STARTED, 1 IN_PROGRESS, 2 FINISHED, 3 ERROR; +16 with error, +32 with SHA-256
 *     8      bytes that are there
 *     8      bytes in all, −1 while unknown
 *   2+n      with error: length of the text, and the text in UTF-8
 *    32      with SHA-256: of the bytes as they came
 * </pre>
 *
 * Numbers have their high byte first.
 *
 * @param user whom it is about
 * @param connected whether that user is there
 * @param pieces by place
 */
record Report(String user, boolean connected, SortedMap<Integer, PieceState> pieces) {
    /** So a frame is never too long, and never long on its way. */
    private static final int CONTENT = 256 << 10;

    private static final int WITH_ERROR = 0x10;
    private static final int WITH_SHA_256 = 0x20;
    private static final int STATUS = 0x0F;
    private static final int SHA_256_BYTES = 32;

    /** No longer than this is an error in a frame, whatever the letters. */
    private static final int LONGEST_ERROR = 1_000;

    private static final Status[] STATUSES = Status.values();

    /**
     * As many contents as it takes.
     *
     * @param reports what to tell
     * @param users by place
     */
    static List<byte[]> write(List<Report> reports, List<String> users) {
        var contents = new ArrayList<byte[]>();
        var rest = new ArrayList<>(reports);
        do {
            contents.add(content(rest, users));
        } while (!rest.isEmpty());
        return contents;
    }

    /** Takes what goes into one content; of a report that does not fit the rest stays. */
    private static byte[] content(List<Report> rest, List<String> users) {
        var rows = new ByteArrayOutputStream();
        var count = 0;
        while (!rest.isEmpty() && rows.size() < CONTENT) {
            var report = rest.remove(0);
            var left = report.write(rows, users.indexOf(report.user));
            if (!left.pieces.isEmpty()) {
                rest.add(0, left);
            }
            count++;
        }
        var content = new ByteArrayOutputStream();
        content.write(count >> 8);
        content.write(count);
        content.writeBytes(rows.toByteArray());
        return content.toByteArray();
    }

    private Report write(ByteArrayOutputStream rows, int place) {
        var left = new TreeMap<>(pieces);
        var entries = new ByteArrayOutputStream();
        var count = 0;
        try (var out = new DataOutputStream(entries)) {
            while (!left.isEmpty() && rows.size() + entries.size() < CONTENT) {
                var next = left.pollFirstEntry();
                write(out, next.getKey(), next.getValue());
                count++;
            }
            var row = new DataOutputStream(rows);
            row.writeShort(place);
            row.writeBoolean(connected);
            row.writeShort(count);
            rows.writeBytes(entries.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Report(user, connected, left);
    }

    private static void write(DataOutputStream out, int place, PieceState state)
            throws IOException {
        var progress = state.progress();
        var error = progress.error();
        var sha256 = state.sha256();
        out.writeShort(place);
        out.writeByte(
                progress.status().ordinal()
                        | (error == null ? 0 : WITH_ERROR)
                        | (sha256 == null ? 0 : WITH_SHA_256));
        out.writeLong(progress.bytes());
        out.writeLong(progress.total());
        if (error != null) {
            var text = sentence(error).getBytes(StandardCharsets.UTF_8);
            out.writeShort(text.length);
            out.write(text);
        }
        if (sha256 != null) {
            out.write(HexFormat.of().parseHex(sha256));
        }
    }

    /**
     * Reads the content of a message.
     *
     * @param users by place
     * @param pieces how many there are
     */
    static List<Report> read(byte[] content, List<String> users, int pieces)
            throws MalformedException {
        try (var in = new DataInputStream(new ByteArrayInputStream(content))) {
            var reports = new ArrayList<Report>();
            for (var count = in.readUnsignedShort(); count > 0; count--) {
                var user = users.get(in.readUnsignedShort());
                var connected = in.readBoolean();
                var states = new TreeMap<Integer, PieceState>();
                for (var entries = in.readUnsignedShort(); entries > 0; entries--) {
                    var place = in.readUnsignedShort();
                    if (place >= pieces) {
                        throw new MalformedException("There is no such piece");
                    }
                    states.put(place, read(in));
                }
                reports.add(new Report(user, connected, states));
            }
            if (in.available() > 0) {
                throw new MalformedException("Something follows the report");
            }
            return reports;
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new MalformedException("A content is no report");
        }
    }

    private static PieceState read(DataInputStream in) throws IOException, MalformedException {
        var flags = in.readUnsignedByte();
        var status = flags & STATUS;
        if (status >= STATUSES.length || (flags & ~(STATUS | WITH_ERROR | WITH_SHA_256)) != 0) {
            throw new MalformedException("There is no such status");
        }
        var bytes = in.readLong();
        var total = in.readLong();
        if (bytes < 0 || total < -1) {
            throw new MalformedException("A negative size");
        }
        String error = null;
        if ((flags & WITH_ERROR) != 0) {
            error = sentence(new String(bytes(in, in.readUnsignedShort()), StandardCharsets.UTF_8));
        }
        String sha256 = null;
        if ((flags & WITH_SHA_256) != 0) {
            sha256 = HexFormat.of().formatHex(bytes(in, SHA_256_BYTES));
        }
        return new PieceState(new Progress(STATUSES[status], bytes, total, error), sha256);
    }

    private static byte[] bytes(DataInputStream in, int length)
            throws IOException, MalformedException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new MalformedException("A content ends too soon");
        }
        return bytes;
    }

    /** Text of others as a line of bounded length, without anything that is not seen. */
    static String sentence(@Nullable String text) {
        var clean = new StringBuilder();
        String.valueOf(text)
                .codePoints()
                .limit(LONGEST_ERROR)
                .map(c -> isShown(c) ? c : ' ')
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
