package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The address of a room: {@code SCHEME://USER@HOST…}, or {@code SCHEME://USER} where the transport
 * finds the host itself. What else it means is the transport's business.
 *
 * @param uri the whole
 * @param maker who listens there
 * @param room the room named by a path {@code /rooms/ID}, or null
 */
record Address(URI uri, String maker, @Nullable String room) {
    private static final int LONGEST = 2_048;
    private static final String ROOMS = "/rooms/";

    static Address parse(String text, Pointer at) throws RoomException {
        var uri = uri(Text.line(text, 1, LONGEST, at), at);
        var authority = uri.getRawAuthority();
        if (!uri.isAbsolute() || authority == null) {
            throw at.invalid("must be an absolute address, such as tcp://USER@HOST:PORT");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw at.invalid("must have neither query nor fragment");
        }
        var end = authority.lastIndexOf('@');
        var user = end < 0 ? authority : authority.substring(0, end);
        if (user.isEmpty() || user.indexOf(':') >= 0) {
            throw at.invalid("must name the user who makes the room, without a password");
        }
        return new Address(uri, Text.id(decode(user, at), at), room(uri, at));
    }

    private static URI uri(String text, Pointer at) throws RoomException {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw at.invalid("must be a URI");
        }
    }

    private static @Nullable String room(URI uri, Pointer at) throws RoomException {
        var path = uri.getRawPath();
        return path.startsWith(ROOMS)
                ? Text.id(decode(path.substring(ROOMS.length()), at), at)
                : null;
    }

    /** Undoes percent-encoding; a {@code URI} itself passes over bytes that are no UTF-8. */
    private static String decode(String raw, Pointer at) throws RoomException {
        var bytes = new ByteArrayOutputStream();
        for (var i = 0; i < raw.length(); ) {
            var c = raw.codePointAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 3;
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw at.invalid("must percent-encode UTF-8");
        }
    }
}
