package dev.capstan.packaging;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.concurrent.TimeUnit.MINUTES;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the jar once, so that the Java machine can write down what it loaded ({@code
 * capstan-JAVA.jsa}, class-data sharing) and later starts read that instead of working it out
 * again.
 *
 * <p>The run is a real download from this process. If it fails, starts are only slower.
 */
final class Training {

    private Training() {}

    static void run(Path target, Path options) throws IOException, InterruptedException {
        var archive = target.resolve("capstan-" + System.getProperty("java.version") + ".jsa");
        Files.deleteIfExists(archive);
        // Java would crash on half an archive, so it appears whole.
        var unfinished = target.resolve("capstan.jsa.part");
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(200, 1);
                        exchange.getResponseBody().write('c');
                    }
                });
        server.start();
        try {
            var link = "http://127.0.0.1:" + server.getAddress().getPort() + "/training";
            var work = Files.createTempDirectory("capstan-training-");
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var process =
                    new ProcessBuilder(
                                    java,
                                    "@" + options,
                                    "-XX:ArchiveClassesAtExit=" + unfinished,
                                    "-jar",
                                    target.resolve("capstan.jar").toString(),
                                    "get",
                                    "--data",
                                    work.resolve("data").toString(),
                                    "-d",
                                    work.toString(),
                                    link)
                            .redirectErrorStream(true)
                            .redirectOutput(target.resolve("training.log").toFile())
                            .start();
            if (!process.waitFor(1, MINUTES)) {
                process.destroyForcibly().waitFor();
            }
            if (process.exitValue() != 0) {
                System.out.println("The training run failed; see runtime/target/training.log");
            }
            if (Files.exists(unfinished)) {
                Files.move(unfinished, archive, ATOMIC_MOVE);
            }
            Packager.delete(work);
        } finally {
            server.stop(0);
        }
    }
}
