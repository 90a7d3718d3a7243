package dev.capstan.content.file;

import dev.capstan.content.Digest;
import dev.capstan.content.spi.IngestRequest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;

/**
 * Measures what the store costs a transfer: the same blocks written plainly, through a lane without
 * hashing, through a lane with SHA-256 in its shade, and hashed by the writing thread itself.
 * Rounds are shuffled, the target's pages are touched before each, medians are printed.
 *
 * <p>Arguments: folder, GiB, block KiB, rounds.
 */
final class ContentSpeed {

    private enum Way {
        PLAIN,
        LANE,
        LANE_AND_HASH,
        HASHED_BY_WRITER
    }

    private record Cost(double write, double all, double cpu) {}

    private final Path folder;
    private final long size;
    private final ByteBuffer block;

    private ContentSpeed(Path folder, long size, int blockSize) {
        this.folder = folder;
        this.size = size;
        block = ByteBuffer.allocateDirect(blockSize);
        block.put(TestStore.bytes(1, blockSize));
    }

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory(Path.of(arguments[0]), "capstan-speed");
        var size = Long.parseLong(arguments[1]) << 30;
        var speed = new ContentSpeed(folder, size, Integer.parseInt(arguments[2]) << 10);
        var costs = new EnumMap<Way, List<Cost>>(Way.class);
        for (var round = 0; round <= Integer.parseInt(arguments[3]); round++) {
            var ways = new ArrayList<>(Arrays.asList(Way.values()));
            Collections.shuffle(ways);
            for (var way : ways) {
                var cost = speed.measure(way);
                if (round > 0) {
                    costs.computeIfAbsent(way, w -> new ArrayList<>()).add(cost);
                }
            }
        }
        System.out.printf(
                "%d GiB in blocks of %s KiB; load %.1f%n",
                size >> 30,
                arguments[2],
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.println("way                writing s   with commit s   CPU s/GiB");
        costs.forEach((way, list) -> print(way, list, size));
        try (var tree = Files.walk(folder)) {
            for (var path : tree.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void print(Way way, List<Cost> costs, long size) {
        System.out.printf(
                "%-18s %8.2f   %12.2f   %10.2f%n",
                way,
                median(costs.stream().map(Cost::write).toList()),
                median(costs.stream().map(Cost::all).toList()),
                median(costs.stream().map(Cost::cpu).toList()) / (size >> 30));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private Cost measure(Way way) throws Exception {
        touchPages();
        var cpu = cpuSeconds();
        var start = System.nanoTime();
        double write;
        if (way == Way.LANE || way == Way.LANE_AND_HASH) {
            write = throughStore(way == Way.LANE_AND_HASH, start);
        } else {
            write = plainly(way == Way.HASHED_BY_WRITER, start);
        }
        return new Cost(write, seconds(start), cpuSeconds() - cpu);
    }

    private double plainly(boolean hash, long start) throws Exception {
        var path = folder.resolve("plain");
        var digest = Digests.start(Digest.SHA_256);
        try (var channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (var at = 0L; at < size; at += block.capacity()) {
                if (hash) {
                    digest.update(block.clear());
                }
                channel.write(block.clear(), at);
            }
            digest.digest();
        }
        var seconds = seconds(start);
        Files.delete(path);
        return seconds;
    }

    private double throughStore(boolean hash, long start) throws Exception {
        try (var test = new TestStore(folder.resolve("store"))) {
            var cipher = hash ? null : XorCipher.spec(XorCipher.ALIGNMENT);
            var ingest = test.store.ingest(new IngestRequest(TestStore.source("a"), cipher));
            try (var filler = ingest.fill().orElseThrow()) {
                filler.identify(TestStore.identity(size, "v"));
                try (var lane = filler.lane(0)) {
                    while (lane.position() < size) {
                        lane.write(block.clear());
                    }
                }
            }
            var seconds = seconds(start);
            if (hash) {
                var content = test.store.commit(ingest, TestStore.NOTHING_PROMISED);
                ingest.close();
                test.store.evict(content.digest());
            } else {
                ingest.discard();
                ingest.close();
            }
            return seconds;
        }
    }

    /** Memory that the host gave back is slow to come again. */
    private void touchPages() throws Exception {
        var path = folder.resolve("ballast");
        try (var channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (var at = 0L; at < size; at += block.capacity()) {
                channel.write(block.clear(), at);
            }
        }
        Files.delete(path);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double cpuSeconds() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return ((com.sun.management.OperatingSystemMXBean) system).getProcessCpuTime() / 1e9;
    }
}
