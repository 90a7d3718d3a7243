package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of the index: all that is known of one item, or that it is gone. The line with the
 * highest number counts, wherever it stands; a line whose checksum does not fit is passed over.
 *
 * <p>UTF-8, columns separated by tabs, elements of a list by commas and their parts by semicolons;
 * these and {@code %} and control characters inside a text are written {@code %XX}. Times are
 * milliseconds since 1970, those of files nanoseconds; {@code -} stands for null.
 *
 * <table>
 * <caption>Columns</caption>
 * <tr><td>1</td><td>CRC-32C of everything behind the first tab, 8 hexadecimal digits</td></tr>
 * <tr><td>2</td><td>number of the change</td></tr>
 * <tr><td>3</td><td>SHA-256; a line that ends here says that the item is gone</td></tr>
 * <tr><td>4–7</td><td>the file's inode, size, modification and change time, −1 if unknown</td></tr>
 * <tr><td>8–10</td><td>when it was stored, last used, last hashed</td></tr>
 * <tr><td>11</td><td>1 if a hard link may share its blocks, else 0</td></tr>
 * <tr><td>12</td><td>media type</td></tr>
 * <tr><td>13</td><td>pins: owners</td></tr>
 * <tr><td>14</td><td>other digests, {@code ALGORITHM=HEX}</td></tr>
 * <tr><td>15</td><td>sources, oldest first: key; ETag; date of the last change; 1 if that is
 *     strong; revision; when seen</td></tr>
 * </table>
 *
 * @param number of the change
 * @param hex the item's SHA-256
 * @param item null if it is gone
 */
record ItemLine(long number, String hex, @Nullable Item item) {
    private static final int COLUMNS = 15;
    private static final String NULL = "-";

    /** Writes the line between two line feeds, so that a torn neighbour cannot spoil it. */
    byte[] encode() {
        var body = item == null ? number + "\t" + hex : number + "\t" + hex + "\t" + columns(item);
        return ("\n" + crc(body) + "\t" + body + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a line; null if it is damaged. */
    static @Nullable ItemLine decode(String line) {
        if (line.length() < 10 || !line.startsWith(crc(line.substring(9)))) {
            return null;
        }
        var columns = Arrays.asList(line.split("\t", -1));
        try {
            var number = Long.parseLong(columns.get(1));
            if (columns.size() == 3) {
                return new ItemLine(number, columns.get(2), null);
            }
            return columns.size() < COLUMNS
                    ? null
                    : new ItemLine(number, columns.get(2), item(columns));
        } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static String columns(Item item) {
        var file = item.file();
        return String.join(
                "\t",
                Long.toString(file.inode()),
                Long.toString(file.size()),
                Long.toString(file.modified()),
                Long.toString(file.changed()),
                time(item.stored()),
                time(item.used()),
                time(item.verified()),
                item.placed() ? "1" : "0",
                text(item.mediaType()),
                list(item.pins(), ItemLine::text),
                list(item.digests(), Digest::toString),
                list(item.origins(), ItemLine::origin));
    }

    private static Item item(List<String> columns) {
        return new Item(
                columns.get(2),
                new FileState(
                        Long.parseLong(columns.get(3)),
                        Long.parseLong(columns.get(4)),
                        Long.parseLong(columns.get(5)),
                        Long.parseLong(columns.get(6))),
                time(columns.get(7)),
                time(columns.get(8)),
                time(columns.get(9)),
                columns.get(10).equals("1"),
                nullOrText(columns.get(11)),
                list(columns.get(14), ItemLine::origin),
                new HashSet<>(list(columns.get(13), Digest::parse)),
                new HashSet<>(list(columns.get(12), text -> String.valueOf(nullOrText(text)))));
    }

    private static String origin(Item.Origin origin) {
        var validator = origin.validator();
        var date = validator.lastModified();
        return String.join(
                ";",
                text(origin.source().toString()),
                text(validator.etag()),
                date == null ? NULL : time(date),
                validator.lastModifiedIsStrong() ? "1" : "0",
                text(validator.revision()),
                time(origin.seen()));
    }

    private static Item.Origin origin(String text) {
        var parts = text.split(";", -1);
        var validator =
                new Validator(
                        nullOrText(parts[1]),
                        parts[2].equals(NULL) ? null : time(parts[2]),
                        parts[3].equals("1"),
                        nullOrText(parts[4]));
        var source = SourceKey.parse(String.valueOf(nullOrText(parts[0])));
        return new Item.Origin(source, validator, time(parts[5]));
    }

    private static String time(Instant time) {
        return Long.toString(time.toEpochMilli());
    }

    private static Instant time(String text) {
        return Instant.ofEpochMilli(Long.parseLong(text));
    }

    private static <T> String list(Collection<T> values, Function<T, String> element) {
        return values.stream().map(element).collect(Collectors.joining(","));
    }

    private static <T> List<T> list(String text, Function<String, T> element) {
        return text.isEmpty() ? List.of() : Arrays.stream(text.split(",")).map(element).toList();
    }

    private static String text(@Nullable String text) {
        if (text == null) {
            return NULL;
        }
        if (text.equals(NULL)) {
            return "%2d";
        }
        if (text.chars().noneMatch(ItemLine::isSpecial)) {
            return text;
        }
        var escaped = new StringBuilder(text.length() + 16);
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (isSpecial(c)) {
                escaped.append('%').append(HexFormat.of().toHexDigits((byte) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static boolean isSpecial(int c) {
        return c < ' ' || c == '%' || c == ',' || c == ';';
    }

    private static @Nullable String nullOrText(String column) {
        if (column.equals(NULL)) {
            return null;
        }
        if (column.indexOf('%') < 0) {
            return column;
        }
        var text = new StringBuilder(column.length());
        for (var i = 0; i < column.length(); i++) {
            var c = column.charAt(i);
            if (c == '%') {
                c = (char) HexFormat.fromHexDigits(column, i + 1, i + 3);
                i += 2;
            }
            text.append(c);
        }
        return text.toString();
    }

    private static String crc(String body) {
        var crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
