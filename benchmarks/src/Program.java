import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs a peer and measures it, with what GNU time tells of its process. */
final class Program {
    private final Workspace space;
    private final List<String> prefix;
    private final Path figures;

    /**
     * @param prefix words that run a command somewhere else, as {@code ip netns exec NAME}
     */
    Program(Workspace space, List<String> prefix) {
        this.space = space;
        this.prefix = prefix;
        this.figures = space.memory().resolve("figures");
    }

    Sample run(String command) throws IOException, InterruptedException {
        var words = new java.util.ArrayList<>(prefix);
        words.addAll(List.of("time", "-o", figures.toString(), "-f", "%U %S %M"));
        words.addAll(List.of("bash", "-c", command));
        var begin = System.nanoTime();
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        var mark = space.mark();
        space.onClose(() -> Workspace.stopAll(process));
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes()).strip();
        var exit = process.waitFor();
        var wall = (System.nanoTime() - begin) / 1e9;
        space.close(mark);
        if (exit != 0) {
            throw new IOException("Exit " + exit + " of: " + command + "\n" + text);
        }
        var fields = Files.readString(figures).strip().split(" ");
        return new Sample(
                wall,
                Double.parseDouble(fields[0]) + Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]) / 1024);
    }
}
