package dev.capstan.tck.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that says line by line what it was told is done, until it is killed. */
final class Victim {
    private Victim() {}

    /**
     * Runs a main class on this class path and kills it.
     *
     * @param main the class
     * @param enough how many lines it says before it is killed
     * @param arguments its arguments
     * @return all whole lines it said, at least as many as were enough
     */
    static List<String> killedAfter(Class<?> main, int enough, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var said = new ArrayList<String>();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                // A line may be cut by the kill.
                if (line.endsWith(".")) {
                    said.add(line.substring(0, line.length() - 1));
                }
                if (said.size() == enough) {
                    // The handle leaves the pipe open: what was said before is still read.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        if (said.size() < enough) {
            throw new AssertionError("It ended by itself, after " + said);
        }
        return said;
    }

    /** Says one line in one write. */
    static void say(String line) {
        synchronized (System.out) {
            System.out.println(line + ".");
        }
    }

    /** The suite of which the process is part, made anew. */
    static <T> T suite(Class<T> type, String name) throws ReflectiveOperationException {
        var constructor = Class.forName(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        return type.cast(constructor.newInstance());
    }
}
