package dev.capstan.itest.rooms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The pieces of one room as an origin has them: a zip file, a tar.gz file, two plain ones, and one
 * that is only right behind the fourth of its links. A sixth is in a collection that is not
 * mandatory.
 *
 * <p>To one address the origin gives no more than half of all bytes, until it is told to.
 */
final class Stock {
    static final List<String> MANDATORY = List.of("castle", "harbour", "market", "mill", "town");
    static final List<String> ALL = List.of("castle", "harbour", "inn", "market", "mill", "town");

    private static final int SMALL = 250_000;
    private static final int LARGE = 2_500_000;

    private final Origin origin;
    private final String room;
    private final Map<String, Body> bodies = new LinkedHashMap<>();
    private final Map<String, Map<String, byte[]>> files = new TreeMap<>();
    private final InetAddress slow;
    private volatile boolean isOpen;

    Stock(Origin origin, String room, Path folder, InetAddress slow)
            throws IOException, InterruptedException {
        this.origin = origin;
        this.room = room;
        this.slow = slow;
        zip("castle");
        tar("harbour", Files.createDirectories(folder.resolve(room)));
        for (var piece : List.of("market", "mill", "town", "inn")) {
            var length = piece.equals("town") ? LARGE : SMALL;
            bodies.put(piece, Body.random(length, (room + piece).hashCode()));
            files.put(piece, Map.of(piece + ".dat", bodies.get(piece).bytes()));
        }
        for (var piece : ALL) {
            origin.serve(path(piece), Resource.of(bodies.get(piece)));
        }
        origin.serve(path("town"), this::town);
        origin.serve(
                "/" + room + "/2/market.dat",
                exchange -> {
                    if (exchange.from() > 0) {
                        exchange.answer(404, ""); // sooner given up than one that is cut again
                        return;
                    }
                    exchange.cutAfter(SMALL / 2);
                    Resource.of(bodies.get("market")).handle(exchange);
                });
        origin.serve("/" + room + "/3/market.dat", Resource.of(Body.random(SMALL, 3)));
    }

    private void zip(String piece) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : content(piece).entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        bodies.put(piece, Body.of(bytes.toByteArray()));
    }

    private void tar(String piece, Path folder) throws IOException, InterruptedException {
        for (var file : content(piece).entrySet()) {
            var path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        var archive = folder.resolveSibling(room + ".tar.gz");
        var tar =
                new ProcessBuilder("tar", "-czf", archive.toString(), "-C", folder.toString(), ".")
                        .inheritIO()
                        .start();
        assertThat(tar.waitFor()).isZero();
        bodies.put(piece, Body.of(Files.readAllBytes(archive)));
    }

    private Map<String, byte[]> content(String piece) {
        var seed = (room + piece).hashCode();
        var content =
                Map.of(
                        "read.me", (piece + " of " + room).getBytes(),
                        "hall/stone.dat", Body.random(SMALL, seed).bytes());
        files.put(piece, content);
        return content;
    }

    private String path(String piece) {
        var end =
                switch (piece) {
                    case "castle" -> ".zip";
                    case "harbour" -> ".tar.gz";
                    default -> ".dat";
                };
        return "/" + room + "/" + (piece.equals("market") ? "4/" : "") + piece + end;
    }

    private void town(Exchange exchange) throws IOException {
        if (!isOpen && exchange.client().equals(slow)) {
            exchange.stallAfter(Math.max(0, half() - exchange.from()));
        }
        Resource.of(bodies.get("town")).handle(exchange);
    }

    /** Where the large piece has to stop for half of all bytes to be there. */
    private long half() {
        var all = MANDATORY.stream().mapToLong(piece -> bodies.get(piece).length()).sum();
        return all / 2 - (all - LARGE);
    }

    /** Whether all that is given to the slow address has been sent. */
    boolean isHalfSent() {
        return sent("town", slow) >= half();
    }

    /** Gives everything to everybody from now on. */
    void open() {
        isOpen = true;
    }

    /** Bytes of a piece that went to an address; of the market those of its right link. */
    long sent(String piece, InetAddress to) {
        return asked(path(piece), to).stream().mapToLong(Exchange::bodyBytes).sum();
    }

    long length(String piece) {
        return bodies.get(piece).length();
    }

    /** The links of the market in the order in which an address asked for them first. */
    List<String> order(InetAddress by) {
        return asked("/" + room + "/", by).stream()
                .map(Exchange::target)
                .filter(target -> target.endsWith("/market.dat"))
                .map(target -> target.split("/")[2])
                .distinct()
                .toList();
    }

    private List<Exchange> asked(String beginning, InetAddress by) {
        return origin.log().stream()
                .filter(each -> each.client().equals(by))
                .filter(each -> each.target().startsWith(beginning))
                .toList();
    }

    /** The match lock, with the digests of all pieces. */
    String matchLock() {
        return Json.createObjectBuilder()
                .add("version", 1)
                .add("engine", Json.createObjectBuilder().add("name", "Arena").add("version", "2"))
                .add(
                        "pieceCollections",
                        Json.createObjectBuilder()
                                .add("base", collection("mandatory", MANDATORY))
                                .add("more", collection("onDemand", List.of("inn"))))
                .build()
                .toString();
    }

    private JsonObjectBuilder collection(String selection, List<String> pieces) {
        var list = Json.createArrayBuilder();
        for (var piece : pieces) {
            list.add(
                    Json.createObjectBuilder()
                            .add("id", piece)
                            .add("sha256", bodies.get(piece).sha256())
                            .add("resolvables", links(piece)));
        }
        return Json.createObjectBuilder().add("selection", selection).add("pieces", list);
    }

    private JsonArrayBuilder links(String piece) {
        var links = Json.createArrayBuilder();
        if (piece.equals("market")) {
            for (var bad = 1; bad <= 3; bad++) {
                links.add(origin.uri("/" + room + "/" + bad + "/market.dat").toString());
            }
        }
        return links.add(origin.uri(path(piece)).toString());
    }

    /** Checks printed lines of ids and folders, and all that is in the folders. */
    void check(String lines, List<String> pieces, Path parent) throws IOException {
        var folders = new TreeMap<String, Path>();
        lines.lines()
                .map(line -> line.split("  ", 2))
                .forEach(line -> folders.put(line[0], Path.of(line[1])));
        assertThat(lines.lines()).hasSize(pieces.size());
        assertThat(folders.keySet()).containsExactlyElementsOf(pieces);
        for (var folder : folders.entrySet()) {
            assertThat(folder.getValue()).startsWith(parent);
            var expected = files.get(folder.getKey());
            assertThat(names(folder.getValue()))
                    .as(folder.getKey())
                    .containsExactlyInAnyOrderElementsOf(expected.keySet());
            for (var file : expected.entrySet()) {
                assertThat(folder.getValue().resolve(file.getKey()))
                        .hasBinaryContent(file.getValue());
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
