import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One large file from nginx on loopback: raw, verified, and through TLS. */
final class LargeFile {
    private static final List<String> CONNECTIONS = List.of("1", "4", "16");

    private final Bench bench;
    private final Program program;

    LargeFile(Bench bench) {
        this.bench = bench;
        this.program = new Program(bench.space(), List.of());
    }

    Table inMemory() throws Exception {
        var file = bench.large();
        var space = bench.space();
        var out = space.memory().resolve("out");
        var rounds = new Rounds(bench.rounds(), () -> fresh(out, file));
        peers(rounds, out, file);
        rounds.add("wget2", () -> checked(out, file, "wget2 -q -O %s %s"));
        rounds.add("axel", () -> checked(out, file, "axel -q -o %s %s"));
        var url = bench.nginx().url(file.name());
        var checksum = "sha-256=" + file.sha256();
        rounds.add(
                "aria2 --checksum",
                () -> checked(out, file, aria2("1") + " --checksum=" + checksum + ARIA2_OUT));
        rounds.add(
                "curl, then sha256sum",
                () ->
                        checked(
                                out,
                                file,
                                "curl -s -o %1$s %2$s && echo '"
                                        + file.sha256()
                                        + "  %1$s' | sha256sum -c --quiet"));
        var host = bench.host(space.memory().resolve("data"), List.of(), Map.of());
        rounds.addWarmed(
                "capstan --checksum",
                () -> host.get(url, out, List.of("-x1", "--checksum", checksum), file));
        capstan(rounds, host, out, file);
        var table =
                new Table(
                        "A large file, in memory",
                        "%s from nginx over loopback to tmpfs. Capstan hashes and journals always."
                                .formatted(mib(file)),
                        gib(file),
                        rounds.run());
        host.stop();
        return aims(table)
                .ratio("capstan --checksum", "aria2 --checksum", ">= 2")
                .ratio("capstan --checksum", "curl, then sha256sum", ">= 3");
    }

    Table onDisk() throws Exception {
        var file = bench.large();
        var space = bench.space();
        var out = space.disk().resolve("out");
        var rounds =
                new Rounds(
                        bench.rounds(),
                        () -> {
                            fresh(out, file);
                            space.settle();
                        });
        peers(rounds, out, file);
        rounds.add(
                "curl, then sync", () -> checked(out, file, "curl -s -o %1$s %2$s && sync %1$s"));
        var host = bench.host(space.disk().resolve("data"), List.of(), Map.of());
        capstan(rounds, host, out, file);
        var table =
                new Table(
                        "A large file, on disk",
                        """
                        %s from nginx over loopback to the disk. Capstan hashes, journals, and \
                        ends when the file is on the disk; peers end when it is in the kernel's \
                        memory, but for the one with sync.\
                        """
                                .formatted(mib(file)),
                        gib(file),
                        rounds.run());
        host.stop();
        return aims(table).ratio("capstan -x1", "curl, then sync", "");
    }

    Table tls() throws Exception {
        var file = bench.large();
        var nginx = bench.nginx();
        var out = bench.space().memory().resolve("out");
        var url = nginx.tlsUrl(file.name());
        var host = bench.host(bench.space().memory().resolve("tls"), List.of(), nginx.trust());
        var certificate = nginx.certificate();
        var samples =
                new Rounds(bench.rounds(), () -> fresh(out, file))
                        .add(
                                "curl",
                                () ->
                                        checked(
                                                out,
                                                file,
                                                "curl -s --cacert "
                                                        + certificate
                                                        + " -o %s "
                                                        + url))
                        .add(
                                "aria2 -x1",
                                () ->
                                        checked(
                                                out,
                                                file,
                                                aria2("1")
                                                        + " --ca-certificate="
                                                        + certificate
                                                        + " -d %3$s -o %4$s "
                                                        + url))
                        .addWarmed("capstan -x1", () -> host.get(url, out, List.of("-x1"), file))
                        .run();
        host.stop();
        return new Table(
                        "A large file, TLS 1.3",
                        mib(file) + " from nginx over loopback to tmpfs.",
                        gib(file),
                        samples)
                .ratio("capstan -x1", "curl", ">= 0.8")
                .ratio("capstan -x1", "aria2 -x1", "");
    }

    private void peers(Rounds rounds, Path out, Workspace.Served file) {
        var source = bench.www().resolve(file.name());
        rounds.add("copy with cat", () -> checked(out, file, "cat " + source + " > %s"));
        rounds.add("curl", () -> checked(out, file, "curl -s -o %s %s"));
        for (var n : CONNECTIONS) {
            rounds.add("aria2 -x" + n, () -> checked(out, file, aria2(n) + ARIA2_OUT));
        }
    }

    private void capstan(Rounds rounds, Capstan host, Path out, Workspace.Served file) {
        var url = bench.nginx().url(file.name());
        for (var n : CONNECTIONS) {
            rounds.addWarmed(
                    "capstan -x" + n, () -> host.get(url, out, List.of("-x" + n, "-s" + n), file));
        }
    }

    private static Table aims(Table table) {
        table.ratio("capstan -x1", "curl", ">= 1.08").cpuRatio("capstan -x1", "curl", "<= 0.65");
        for (var n : CONNECTIONS) {
            table.ratio("capstan -x1", "aria2 -x" + n, ">= 1.2");
        }
        for (var n : CONNECTIONS.subList(1, CONNECTIONS.size())) {
            table.ratio("capstan -x" + n, "capstan -x1", ">= 0.91");
        }
        return table;
    }

    private static final String ARIA2_OUT = " -d %3$s -o %4$s %2$s";

    static String aria2(String connections) {
        return "aria2c -q --no-conf --file-allocation=none -k1M -s"
                + connections
                + " -x"
                + connections;
    }

    /** Runs a command line with target, link, folder and name filled in, and looks at the size. */
    private Sample checked(Path out, Workspace.Served file, String line)
            throws IOException, InterruptedException {
        var target = out.resolve("file");
        var url = bench.nginx().url(file.name());
        var sample = program.run(line.formatted(target, url, out, "file"));
        if (Files.size(target) != file.size()) {
            throw new IOException("Not whole: " + line);
        }
        return sample;
    }

    private void fresh(Path out, Workspace.Served file) throws IOException {
        Workspace.empty(out);
        bench.space().touch(file.size());
    }

    static double gib(Workspace.Served file) {
        return file.size() / (double) (1 << 30);
    }

    static String mib(Workspace.Served file) {
        return (file.size() >> 20) + " MiB";
    }
}
