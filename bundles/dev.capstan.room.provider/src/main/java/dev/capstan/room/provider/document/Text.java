package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;

/** What the texts of a document may hold. */
final class Text {
    private static final int LONGEST_ID = 128;

    private Text() {}

    /** Refuses what no UTF-8 can hold. */
    static String check(String text, Pointer at) throws RoomException {
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw at.invalid("has half a surrogate pair");
        }
        return text;
    }

    /** R2: 1 to 128 characters, none of them invisible or of a path. */
    static String id(String text, Pointer at) throws RoomException {
        if (!isId(text)) {
            throw at.invalid(
                    "must be an id of 1 to "
                            + LONGEST_ID
                            + " characters without control and path characters");
        }
        return text;
    }

    /** The same for the name of a field, of which the caller needs the place. */
    static Pointer pointed(String name, Pointer at) throws RoomException {
        id(name, at);
        return at;
    }

    static boolean isId(String text) {
        var length = text.codePointCount(0, text.length());
        return length >= 1
                && length <= LONGEST_ID
                && text.codePoints().allMatch(c -> isVisible(c) && c != '/' && c != '\\')
                && !text.equals(".")
                && !text.equals("..");
    }

    /** Text of one line. Without controls no canonical form holds an escape with two spellings. */
    static String line(String text, int shortest, int longest, Pointer at) throws RoomException {
        var length = text.codePointCount(0, text.length());
        if (length < shortest || length > longest) {
            throw at.invalid("must have " + shortest + " to " + longest + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw at.invalid("must not have control characters");
        }
        return text;
    }

    static boolean isVisible(int c) {
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
