import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Puts the newest tables of all benchmarks together in one document. */
final class Results {
    /** The order in the document; the last is written by the comparison with hostile origins. */
    private static final List<String> SECTIONS =
            List.of(
                    "memory", "disk", "tls", "small", "link", "crash", "start", "play", "rest",
                    "page", "hostile");

    private Results() {}

    static void write(Path from, Path to, Map<String, String> facts) throws IOException {
        var text =
                new StringBuilder(
                        """
                        # Benchmarks

                        Written by `benchmarks/run --write`; `benchmarks/run` repeats it. Seconds are
                        medians and go, for Capstan, from the request to the host's last word: the host
                        runs already, with its database, journal and events on. For the others they
                        are those of the process. Contenders take turns in a shuffled order. CPU
                        seconds and memory are the contender's own, without the server's. *Foreign
                        load* is the number of processors that were busy with something else.

                        """);
        facts.forEach((name, value) -> text.append("- ").append(name + ": " + value).append('\n'));
        for (var section : SECTIONS) {
            var file = from.resolve(section + ".md");
            if (Files.exists(file)) {
                text.append('\n').append(Files.readString(file));
            }
        }
        Files.writeString(to, text);
    }
}
