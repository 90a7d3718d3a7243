package dev.capstan.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process holds at a moment: bytes of living objects, class loaders of bundles, threads,
 * open files and sockets.
 *
 * @param heap after a full collection
 * @param loaders living ones, of old versions of a bundle too
 */
public record Vitals(long heap, int loaders, int threads, int handles) {
    private static final String LOADER = "BundleWiringImpl$BundleClassLoader";

    /** Nobody was asked yet. */
    static final Vitals NONE = new Vitals(0, 0, 0, 0);

    /** Asks a Java process on Linux. */
    public static Vitals of(long pid) throws IOException, InterruptedException {
        // The first collection lets go of what references and cleaners held, the second counts.
        histogram(pid);
        var lines = histogram(pid);
        var loaders = 0;
        for (var line : lines) {
            loaders += line.contains(LOADER) ? (int) column(line, 1) : 0;
        }
        var heap = column(lines.get(lines.size() - 1), 2);
        return new Vitals(heap, loaders, threads(pid), handles(pid));
    }

    public static int threads(long pid) {
        return count(pid, "task");
    }

    public static int handles(long pid) {
        return count(pid, "fd");
    }

    private static long column(String line, int number) {
        return Long.parseLong(line.strip().split("\\s+")[number]);
    }

    private static List<String> histogram(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
        var process =
                new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        var lines = process.inputReader().lines().filter(line -> !line.isBlank()).toList();
        if (process.waitFor() != 0) {
            throw new AssertionError("jcmd failed: " + lines);
        }
        return lines;
    }

    private static int count(long pid, String what) {
        try (var entries = Files.list(Path.of("/proc", Long.toString(pid), what))) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new AssertionError("The process is gone", e);
        }
    }
}
