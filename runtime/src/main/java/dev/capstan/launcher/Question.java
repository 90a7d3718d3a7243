package dev.capstan.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * What a host asks the user at this process's terminal.
 *
 * @param text what is shown
 * @param hidden whether the answer must not be seen as it is typed
 */
record Question(String text, boolean hidden) {

    /** Reads it from its frame: one byte that is 1 where the answer is hidden, then the text. */
    static Question of(ByteBuffer payload) {
        var hidden = payload.hasRemaining() && payload.get() == 1;
        return new Question(UTF_8.decode(payload).toString(), hidden);
    }

    /** Waits for a line; gives the frame's payload, which is empty where there is no answer. */
    byte[] ask() {
        var console = System.console();
        if (console == null) {
            return new byte[0];
        }
        String line;
        if (hidden) {
            var typed = console.readPassword("%s", text);
            line = typed == null ? null : new String(typed);
        } else {
            line = console.readLine("%s", text);
        }
        return line == null ? new byte[0] : (" " + line).getBytes(UTF_8);
    }
}
