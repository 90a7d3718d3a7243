import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How long it takes to begin, where there is next to nothing to do. */
final class Startup {
    private final Bench bench;
    private final Program program;

    Startup(Bench bench) {
        this.bench = bench;
        this.program = new Program(bench.space(), List.of());
    }

    Table measure() throws Exception {
        var tiny = Workspace.make(bench.www(), "tiny.bin", 1000, 5);
        var url = bench.nginx().url(tiny.name());
        var out = bench.space().memory().resolve("out");
        var data = bench.space().memory().resolve("start");
        var capstan = bench.program().toString();
        var known = bench.host(data.resolve("known"), List.of(), Map.of());
        var samples =
                new Rounds(
                                2 * bench.rounds(),
                                () -> {
                                    Workspace.empty(out);
                                    Workspace.empty(data.resolve("fresh"));
                                })
                        .add("curl", () -> program.run("curl -s -o " + out + "/f " + url))
                        .add("aria2", () -> program.run("aria2c -q -d " + out + " " + url))
                        .add("wget2", () -> program.run("wget2 -q -P " + out + " " + url))
                        .add(
                                "capstan get, into a running host",
                                () ->
                                        program.run(
                                                capstan
                                                        + " get -q --data "
                                                        + data
                                                        + "/known -d "
                                                        + out
                                                        + " "
                                                        + url))
                        .add(
                                "capstan get, on its own",
                                () ->
                                        program.run(
                                                capstan
                                                        + " get -q --data "
                                                        + data
                                                        + "/fresh -d "
                                                        + out
                                                        + " "
                                                        + url))
                        .add("capstan run, until it answers", () -> host(data.resolve("fresh")))
                        .run();
        known.stop();
        return new Table(
                "Start",
                "1,000 bytes over loopback, with the start and the end of the program.",
                0,
                samples);
    }

    private Sample host(Path data) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var host = bench.host(data, List.of(), Map.of());
        var seconds = (System.nanoTime() - begin) / 1e9;
        var sample = host.used(seconds);
        host.stop();
        return sample;
    }
}
