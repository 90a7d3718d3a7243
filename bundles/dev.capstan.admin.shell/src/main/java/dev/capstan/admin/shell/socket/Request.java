package dev.capstan.admin.shell.socket;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks for: the first message of a connection.
 *
 * <table>
 * <caption>All numbers are big-endian</caption>
 * <tr><th>bytes</th><th>what</th></tr>
 * <tr><td>4</td><td>0x43415031, "CAP1": the protocol and its version</td></tr>
 * <tr><td>4 + n</td><td>current folder: length, UTF-8</td></tr>
 * <tr><td>4</td><td>width of the terminal on standard error, 0 where it is none</td></tr>
 * <tr><td>1</td><td>terminals: bit 0 standard input, bit 1 output, bit 2 error; bit 3 no
 * colours</td></tr>
 * <tr><td>4</td><td>number of words</td></tr>
 * <tr><td>4 + n, each</td><td>a word: length, UTF-8</td></tr>
 * </table>
 *
 * @param folder the client's current folder, absolute
 * @param columns width of its terminal
 * @param terminals which of its streams are terminals
 * @param line the verb and its words
 */
record Request(Path folder, int columns, int terminals, List<String> line) {
    static final int MAGIC = 0x43415031;

    private static final int LONGEST_TEXT = 1 << 20;
    private static final int MOST_WORDS = 100_000;
    private static final int WIDEST = 10_000;

    /** Reads a request; an exception means that the other side does not speak this protocol. */
    static Request read(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("no client of this version");
        }
        var folder = folder(text(in));
        var columns = number(in, WIDEST);
        var terminals = in.readUnsignedByte();
        var words = number(in, MOST_WORDS);
        var line = new ArrayList<String>();
        for (int i = 0; i < words; i++) {
            line.add(text(in));
        }
        return new Request(folder, columns, terminals, List.copyOf(line));
    }

    private static Path folder(String text) throws IOException {
        try {
            var path = Path.of(text);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Refused below, as a relative one is.
        }
        throw new IOException("no current folder");
    }

    private static String text(DataInputStream in) throws IOException {
        var length = number(in, LONGEST_TEXT);
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("ended within a text");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int number(DataInputStream in, int most) throws IOException {
        var number = in.readInt();
        if (number < 0 || number > most) {
            throw new IOException(number + " is out of range");
        }
        return number;
    }
}
