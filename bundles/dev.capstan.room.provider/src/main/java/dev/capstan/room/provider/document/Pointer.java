package dev.capstan.room.provider.document;

import dev.capstan.room.RoomException;

/** Where something lies in a document, as a JSON pointer (RFC 6901), for messages (R2). */
record Pointer(String text) {
    static final Pointer ROOT = new Pointer("");

    /** More of a name than tells it is not repeated. */
    private static final int SHOWN = 128;

    Pointer member(String name) {
        var shown = new StringBuilder(text).append('/');
        name.codePoints().limit(SHOWN).forEach(c -> append(shown, c));
        if (name.codePointCount(0, name.length()) > SHOWN) {
            shown.append('…');
        }
        return new Pointer(shown.toString());
    }

    Pointer element(int index) {
        return new Pointer(text + '/' + index);
    }

    /** What is wrong with what lies here: a sentence without its subject. */
    RoomException invalid(String sentence) {
        var subject = text.isEmpty() ? "The document " : text + ": ";
        return new RoomException(RoomException.Reason.INVALID, subject + sentence, null);
    }

    /** The same, in the words of whoever refused it. */
    RoomException invalid(IllegalArgumentException refusal) {
        return invalid(String.valueOf(refusal.getMessage()));
    }

    private static void append(StringBuilder shown, int c) {
        switch (c) {
            case '~' -> shown.append("~0");
            case '/' -> shown.append("~1");
            default -> shown.appendCodePoint(Text.isVisible(c) ? c : '\uFFFD');
        }
    }
}
