package dev.capstan.admin.shell.call;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Asks whoever sits at the terminal that a call was made from. */
@FunctionalInterface
public interface Questions {

    /** Nobody is there to be asked. */
    Questions NOBODY = (prompt, hidden) -> null;

    /**
     * Shows a question and waits for one line.
     *
     * @param hidden whether the answer must not be seen as it is typed
     * @return the line, or null where there is no answer or nobody to be asked
     */
    @Nullable String ask(String prompt, boolean hidden) throws IOException, InterruptedException;

    /** Asks on the terminal of this process. Waiting for the answer can be interrupted. */
    static Questions ofThisProcess() {
        return (prompt, hidden) -> {
            var terminal = System.console();
            if (terminal == null) {
                return null;
            }
            var answer = new CompletableFuture<@Nullable String>();
            var reader =
                    new Thread(
                            () -> {
                                try {
                                    if (hidden) {
                                        var typed = terminal.readPassword("%s", prompt);
                                        answer.complete(typed == null ? null : new String(typed));
                                    } else {
                                        answer.complete(terminal.readLine("%s", prompt));
                                    }
                                } catch (RuntimeException | Error e) {
                                    answer.completeExceptionally(e);
                                }
                            },
                            "capstan-question");
            reader.setDaemon(true);
            reader.start();
            try {
                return answer.get();
            } catch (ExecutionException e) {
                throw new IOException("The terminal cannot be read", e);
            }
        };
    }
}
