import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Many small files as one list of links. */
final class SmallFiles {
    private static final int SIZE = 64 << 10;

    private final Bench bench;
    private final Program program;
    private final List<String> urls = new ArrayList<>();
    private final TreeSet<String> digests = new TreeSet<>();

    SmallFiles(Bench bench) throws Exception {
        this.bench = bench;
        this.program = new Program(bench.space(), List.of());
        Files.createDirectories(bench.www().resolve("small"));
        for (var i = 0; i < bench.files(); i++) {
            var file = Workspace.make(bench.www(), "small/%04d.bin".formatted(i), SIZE, i);
            urls.add(bench.nginx().url(file.name()));
            digests.add(file.sha256());
        }
    }

    Table measure(String where, Path volume) throws Exception {
        var out = volume.resolve("out");
        var list = volume.resolve("links");
        Files.write(list, urls);
        var config = volume.resolve("curl.conf");
        Files.write(config, urls.stream().map(url -> "url = " + url + "\nremote-name").toList());
        var host = bench.host(volume.resolve("many"), List.of(), Map.of());
        var samples =
                new Rounds(
                                bench.rounds(),
                                () -> {
                                    Workspace.empty(out);
                                    bench.space().settle();
                                })
                        .add(
                                "aria2 -j16",
                                () ->
                                        checked(
                                                out,
                                                "aria2c -q --no-conf --file-allocation=none -j16"
                                                        + " -d "
                                                        + out
                                                        + " -i "
                                                        + list))
                        .add(
                                "curl --parallel",
                                () ->
                                        checked(
                                                out,
                                                "cd "
                                                        + out
                                                        + " && curl -s --parallel -K "
                                                        + config))
                        .add("wget2", () -> checked(out, "wget2 -q -P " + out + " -i " + list))
                        .addWarmed("capstan", () -> host.getAll(urls, out, digests))
                        .run();
        host.stop();
        return new Table(
                        "Small files, " + where,
                        "%d files of 64 KiB from nginx over loopback, one list of links; each"
                                        .formatted(urls.size())
                                + " tool with its own number of connections. Capstan verifies each"
                                + " file and has it on the disk, in the database and in the store.",
                        0,
                        samples)
                .ratio("capstan", "aria2 -j16", ">= 1")
                .ratio("capstan", "curl --parallel", "stretch: 1")
                .ratio("capstan", "wget2", "");
    }

    private Sample checked(Path out, String line) throws IOException, InterruptedException {
        var sample = program.run(line);
        try (var files = Files.list(out)) {
            var count = files.count();
            if (count != urls.size()) {
                throw new IOException(count + " files from: " + line);
            }
        }
        return sample;
    }
}
