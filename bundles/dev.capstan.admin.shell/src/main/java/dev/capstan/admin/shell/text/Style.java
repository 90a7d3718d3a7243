package dev.capstan.admin.shell.text;

/** Colours a terminal, and leaves everything else alone. */
public enum Style {
    /** For pipes, files, and people who want no colours. */
    PLAIN,
    /** For terminals. */
    COLOURED;

    /** What a colour means. */
    public enum Tint {
        /** Text. */
        NONE(""),
        /** What must not compete with the text. */
        QUIET("2"),
        /** What moves. */
        MOVING("36"),
        /** What is done. */
        DONE("32"),
        /** What waits for somebody. */
        WAITING("33"),
        /** What failed. */
        FAILED("31");

        private final String code;

        Tint(String code) {
            this.code = code;
        }
    }

    /** Gives a text its colour; measure it before. */
    public String apply(Tint tint, String text) {
        if (this == PLAIN || tint == Tint.NONE || text.isEmpty()) {
            return text;
        }
        return "\u001b[" + tint.code + "m" + text + "\u001b[0m";
    }
}
