package dev.capstan.transfer.http.wire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * Reads a section of fields (RFC 9112 §5), of a head or behind the last chunk, within its limits.
 */
final class Fields {
    private static final int MOST = 100;
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private Fields() {}

    /**
     * Reads up to the empty line.
     *
     * @param most bytes of all lines with their ends, the empty one apart
     * @param what the section is, with its article, for the message
     * @throws BadMessage if it is longer, has more than 100 fields, or a line is none
     */
    static List<Header> read(Lines lines, int most, String what) throws IOException {
        var fields = new ArrayList<Header>();
        var left = most;
        var tooLong = what + " of more than " + (most >> 10) + " KiB";
        for (var line = lines.next(left, tooLong);
                !line.isEmpty();
                line = lines.next(left, tooLong)) {
            left -= lines.taken();
            if (left < 0) {
                throw new BadMessage(tooLong);
            }
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                // Folded lines are history, but a client has to unfold them.
                var folded = fields.isEmpty() ? null : fields.remove(fields.size() - 1);
                if (folded == null) {
                    throw new BadMessage(what + " that begins with a folded line");
                }
                fields.add(
                        new BasicHeader(
                                folded.getName(),
                                (folded.getValue() + " " + line.strip()).strip()));
                continue;
            }
            if (fields.size() == MOST) {
                throw new BadMessage(what + " of more than " + MOST + " fields");
            }
            var colon = line.indexOf(':');
            if (colon < 0 || !NAME.matcher(line).region(0, colon).matches()) {
                throw new BadMessage(what + " with a line that is no field");
            }
            fields.add(
                    new BasicHeader(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return fields;
    }
}
