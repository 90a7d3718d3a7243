package dev.capstan.room.provider.piece;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadState;
import dev.capstan.download.Trust;
import dev.capstan.room.Room.Progress;
import dev.capstan.room.Room.Status;
import dev.capstan.room.provider.document.MatchLock.Archive;
import dev.capstan.room.provider.document.MatchLock.Engine;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PieceHost.Shared.class)
@DisplayName("R4, R5 Pieces are found, or fetched link by link")
class PieceFetcherTest {
    private static final AtomicInteger SEED = new AtomicInteger(1);
    private static final int ROUNDS = 30;

    private final Origin origin = Origin.plain();
    private final Told told = new Told();
    private final List<PieceWork> begun = new ArrayList<>();
    private final Body body = Body.random(200_000, SEED.incrementAndGet());
    private PieceHost host;
    @TempDir private Path temp;

    @BeforeEach
    void setUp(PieceHost shared) {
        host = shared;
    }

    @AfterEach
    void tearDown() {
        begun.forEach(PieceWork::close);
        origin.close();
    }

    @Test
    void R5_the_fourth_link_wins_after_three_that_fail_in_three_ways() throws Exception {
        var half = body.length() / 2;
        var quiet = Body.random(150_000, SEED.incrementAndGet());
        origin.serve(
                        "/2",
                        exchange -> {
                            exchange.cutAfter(Math.max(0, half - exchange.from()));
                            Resource.of(body).handle(exchange);
                        })
                .serve("/3", Resource.of(Body.random(body.length(), 99)))
                .serve("/4", Resource.of(body))
                .serve(
                        "/silent",
                        exchange -> {
                            exchange.stallAfter(1_000);
                            Resource.of(quiet).handle(exchange);
                        })
                .serve("/loud", Resource.of(quiet));

        begun.add(
                host.hasty.start(
                        "Hasty",
                        new Engine("e", "1", null),
                        List.of(
                                piece("p", body.sha256(), "/1", "/2", "/3", "/4"),
                                piece("s", quiet.sha256(), "/silent", "/loud")),
                        temp.resolve("pieces"),
                        Trust.OPERATOR,
                        null,
                        told));

        // Both have a link that is broken for good, and neither is held by it.
        told.awaitFinished("s");
        var arrived = told.awaitFinished("p");
        assertThat(arrived.sha256()).isEqualTo(body.sha256());
        assertThat(arrived.bytes()).isEqualTo(body.length());
        assertThat(arrived.folder().resolve("4")).hasBinaryContent(body.bytes());
        assertThat(
                        origin.log().stream()
                                .map(Exchange::target)
                                .filter(target -> target.length() == 2)
                                .distinct())
                .containsExactly("/1", "/2", "/3", "/4");
        assertThat(PieceHost.names(host.data.resolve("staging"))).isEmpty();

        var requests = origin.log().size();
        var again = new Told();
        start(
                "Again",
                temp.resolve("pieces"),
                again,
                piece("p", body.sha256(), "/1", "/2", "/3", "/4"));
        assertThat(again.awaitFinished("p")).isEqualTo(arrived);
        assertThat(PieceHost.names(arrived.folder())).containsExactly("4");
        assertThat(origin.log()).hasSize(requests);
    }

    @Test
    void R5_links_without_a_promise_never_share_bytes() throws Exception {
        var half = (int) body.length() / 2;
        var other = Body.random(body.length(), 7);
        origin.serve(
                        "/a",
                        exchange -> {
                            if (exchange.number() > 1) {
                                exchange.answer(404, "");
                                return;
                            }
                            exchange.cutAfter(half);
                            Resource.of(other).etag("\"same\"").handle(exchange);
                        })
                .serve("/b", Resource.of(body).etag("\"same\""));

        start(piece("p", null, "/a", "/b"));

        assertThat(told.awaitFinished("p").sha256()).isEqualTo(body.sha256());
        assertThat(at("/a").get(0).bodyBytes()).isEqualTo(half);
        assertThat(at("/b").stream().map(Exchange::from)).contains(0L);
        assertThat(at("/b").stream().mapToLong(Exchange::bodyBytes).sum())
                .isGreaterThanOrEqualTo(body.length());
    }

    @Test
    void R5_all_links_fail_and_each_reason_is_told_in_order_without_secrets() throws Exception {
        origin.serve("/2", exchange -> exchange.answer(403, ""));
        var wrong = Resource.of(Body.random(10, 3));
        origin.serve("/3", wrong);

        var work = start(piece("p", body.sha256(), "/1?token=hidden", "/2#part", "/3"));

        var reasons = told.awaitError("p").split("\n");
        assertThat(reasons).hasSize(3);
        assertThat(reasons[0]).startsWith(origin.uri("/1") + ": ").contains("404");
        assertThat(reasons[1]).startsWith(origin.uri("/2") + ": ").contains("403");
        assertThat(reasons[2]).startsWith(origin.uri("/3") + ": ");
        assertThat(told.awaitError("p")).doesNotContain("hidden");
        assertThat(told.finished).isEmpty();

        // R11: what failed may be tried again, what did not may not.
        origin.serve("/3", Resource.of(body));
        assertThat(work.retry("p")).isTrue();
        PieceHost.await(() -> told.finished.containsKey("p"));
        assertThat(work.retry("p")).isFalse();
        assertThat(work.retry("q")).isFalse();
    }

    @Test
    void R5_a_wrong_size_without_a_digest_is_the_fault_of_its_link() throws Exception {
        origin.serve("/1", Resource.of(Body.random(100, 5))).serve("/2", Resource.of(body));

        start(
                new Piece(
                        "p",
                        null,
                        null,
                        null,
                        links("/1", "/2"),
                        null,
                        body.length(),
                        Archive.AUTO,
                        null));

        assertThat(told.awaitFinished("p").sha256()).isEqualTo(body.sha256());
    }

    @Test
    void R5_what_is_in_the_store_is_asked_of_nobody() throws Exception {
        origin.serve("/x", Resource.of(body));
        start("first", temp.resolve("first"), piece("p", body.sha256(), "/x"));
        told.awaitFinished("p");
        var asked = origin.log().size();

        var again = new Told();
        start("again", temp.resolve("again"), again, piece("q", body.sha256(), "/gone"));

        assertThat(again.awaitFinished("q").folder().resolve("gone"))
                .hasBinaryContent(body.bytes());
        assertThat(origin.log()).hasSize(asked);
        assertThat(host.queue("again")).isEmpty();
    }

    @Test
    void R5_the_engines_own_file_is_taken_if_its_digest_is_right() throws Exception {
        var engine = Files.createDirectories(temp.resolve("engine/chars"));
        Files.write(engine.resolve("ryu.def"), body.bytes());
        var wrong = Body.random(body.length(), 11);
        Files.write(engine.resolve("ken.def"), wrong.bytes());
        origin.serve("/ken", Resource.of(body));
        var right = engined("ryu", "chars/ryu.def", body.sha256());
        var false_ = engined("ken", "chars/ken.def", body.sha256());

        start(right);
        assertThat(told.awaitFinished("ryu").folder().resolve("ryu.def"))
                .hasBinaryContent(body.bytes());
        assertThat(origin.log()).isEmpty();

        start(false_);
        assertThat(told.awaitFinished("ken").folder().resolve("ken.def"))
                .hasBinaryContent(body.bytes());
        assertThat(at("/ken")).isNotEmpty();
        assertThat(engine.resolve("ken.def")).hasBinaryContent(wrong.bytes());

        // Neither by a path nor by a link does it look elsewhere.
        var outside = Body.random(1_000, SEED.incrementAndGet());
        var file = Files.write(temp.resolve("outside"), outside.bytes());
        Files.createSymbolicLink(engine.resolve("link"), file);
        start(
                engined("up", "../outside", outside.sha256()),
                engined("link", "chars/link", outside.sha256()));
        assertThat(told.awaitError("up")).contains("404");
        assertThat(told.awaitError("link")).contains("404");
    }

    @Test
    void R5_a_piece_that_lies_there_whole_is_neither_fetched_nor_unpacked_again() throws Exception {
        var zip = Archives.zip(Archives.file("a/b.txt", "hello"), Archives.file("c.txt", "there"));
        origin.serve("/p.zip", Resource.of(Body.of(zip)));
        var piece = piece("p", null, "/p.zip");
        start(piece);
        var folder = told.awaitFinished("p").folder();
        assertThat(folder.resolve("a/b.txt")).hasContent("hello");
        var made = Files.getLastModifiedTime(folder.resolve("a/b.txt"));
        var asked = origin.log().size();

        told.finished.clear();
        start(piece);

        assertThat(told.awaitFinished("p").bytes()).isEqualTo(zip.length);
        assertThat(Files.getLastModifiedTime(folder.resolve("a/b.txt"))).isEqualTo(made);
        assertThat(origin.log()).hasSize(asked);

        // One that somebody took a file from is not whole.
        Files.delete(folder.resolve("a/b.txt"));
        told.finished.clear();
        start(piece);
        told.awaitFinished("p");
        assertThat(folder.resolve("a/b.txt")).hasContent("hello");
    }

    @Test
    void R4_all_first_links_and_what_they_fall_back_to_are_one_batch() throws Exception {
        var pieces = new ArrayList<Piece>();
        for (var i = 0; i < 5; i++) {
            var one = Body.random(5_000, 100 + SEED.incrementAndGet());
            origin.serve("/good" + i, Resource.of(one));
            pieces.add(piece("p" + i, one.sha256(), "/bad" + i, "/good" + i));
        }

        start("Evening", temp.resolve("pieces"), pieces.toArray(Piece[]::new));

        pieces.forEach(piece -> told.awaitFinished(piece.id()));
        var rows = host.queue("Evening");
        assertThat(rows).hasSize(5).allMatch(row -> row.state() == DownloadState.COMPLETED);
        assertThat(rows.stream().map(row -> row.batch().id()).distinct()).hasSize(1);
        assertThat(told.finished.values().stream().map(Arrived::folder).distinct()).hasSize(5);
    }

    @Test
    void R5_what_somebody_cancels_or_removes_in_the_queue_is_a_failure_of_its_link()
            throws Exception {
        var slow = Resource.of(body).pace(20_000);
        origin.serve("/1", slow).serve("/2", Resource.of(Body.random(200_000, 77)).pace(20_000));
        var work = start("Cancelled", temp.resolve("pieces"), piece("p", null, "/1", "/2"));

        var first = awaitRunning("Cancelled", "/1");
        host.downloads.command(first, Command.CANCEL).getValue();
        var second = awaitRunning("Cancelled", "/2");
        host.downloads.remove(second, false).getValue();

        assertThat(told.awaitError("p").split("\n"))
                .satisfiesExactly(
                        one -> assertThat(one).contains("/1: It was cancelled"),
                        two -> assertThat(two).contains("/2: It was "));
        work.close();
    }

    @Test
    void R6_what_a_killed_process_left_in_a_folder_is_gone_when_work_begins_there()
            throws Exception {
        var pieces = temp.resolve("pieces");
        var gone = piece("gone", null, "/gone");
        Files.writeString(PiecePlace.of(pieces, gone).begin().resolve("file"), "half");
        Files.writeString(pieces.resolve(".capstan-mine"), "of somebody else");
        origin.serve("/1", Resource.of(body));

        start(piece("p", body.sha256(), "/1"));

        told.awaitFinished("p");
        PieceHost.await(() -> PieceHost.names(pieces).size() == 3);
        assertThat(PieceHost.names(pieces))
                .contains(".capstan-mine", "p")
                .anyMatch(name -> name.endsWith(".piece"));
    }

    @Test
    void closing_ends_what_is_on_its_way_and_nothing_is_told_afterwards() throws Exception {
        origin.serve("/1", Resource.of(body).pace(20_000));
        var work = start("Closed", temp.resolve("pieces"), piece("p", body.sha256(), "/1"));
        PieceHost.await(() -> told.isMoving("p"));

        work.close();

        PieceHost.await(() -> host.queue("Closed").isEmpty());
        assertThat(told.hasFailed("p")).isFalse();
        assertThat(told.finished).isEmpty();
        assertThat(work.retry("p")).isFalse();
        assertThat(PieceHost.names(temp.resolve("pieces"))).isEmpty();
    }

    @Test
    void R5_closing_one_work_and_starting_another_at_once_is_no_failure_of_their_link()
            throws Exception {
        origin.serve("/1", Resource.of(body).pace(20_000));
        var piece = piece("p", body.sha256(), "/1");
        var all = new ArrayList<Told>();
        for (var round = 0; round < ROUNDS; round++) {
            var one = new Told();
            all.add(one);
            var work = start("Rounds", temp.resolve("a"), one, piece);
            PieceHost.await(() -> one.hasFailed("p") || !host.queue("Rounds").isEmpty());
            if (round % 2 == 0) {
                work.close();
            } else {
                // Of two works with one link the first is closed.
                var other = new Told();
                all.add(other);
                var second = start("Rounds", temp.resolve("b"), other, piece);
                work.close();
                second.close();
            }
        }
        origin.serve("/1", Resource.of(body));

        start(piece);

        told.awaitFinished("p");
        assertThat(all).noneMatch(one -> one.hasFailed("p"));
    }

    @Test
    void R6_what_a_user_put_into_the_folder_is_kept_and_nothing_is_fetched_in_vain()
            throws Exception {
        var other = Body.random(1_000, SEED.incrementAndGet());
        origin.serve("/1", Resource.of(body)).serve("/2", Resource.of(other));
        start(piece("p", body.sha256(), "/1"));
        var folder = told.awaitFinished("p").folder();
        var save = Files.writeString(folder.resolve("save"), "mine");

        var next = new Told();
        start("next", temp.resolve("pieces"), next, piece("p", other.sha256(), "/2"));

        assertThat(next.awaitError("p"))
                .isEqualTo(
                        folder
                                + " holds files that Capstan did not put there."
                                + " Move them elsewhere.");
        assertThat(at("/2")).isEmpty();
        assertThat(save).hasContent("mine");
        var again = new Told();
        start("again", temp.resolve("pieces"), again, piece("p", body.sha256(), "/1"));
        assertThat(again.awaitFinished("p").folder()).isEqualTo(folder);
    }

    @Test
    void R5_an_engines_folder_of_another_machine_is_not_looked_into() throws Exception {
        var engine = Files.createDirectories(temp.resolve("engine"));
        Files.write(engine.resolve("ryu.def"), body.bytes());
        for (var folder : List.of("/" + engine, "\\\\host\\share", "\\/" + engine)) {
            var one = new Told();
            begun.add(
                    host.fetcher.start(
                            "Engine",
                            new Engine("e", "1", folder),
                            List.of(engined("ryu", "ryu.def", body.sha256())),
                            temp.resolve("pieces"),
                            Trust.OPERATOR,
                            null,
                            one));
            assertThat(one.awaitError("ryu")).as(folder).contains("404");
        }
    }

    @Test
    void R10_progress_is_told_at_most_twice_a_second_and_never_falls() throws Exception {
        origin.serve("/1", Resource.of(body).pace(140_000));
        var begun = System.nanoTime();

        start(piece("p", body.sha256(), "/1"));

        told.awaitFinished("p");
        var seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1000.0;
        var moves = told.moves.stream().filter(p -> p.status() == Status.IN_PROGRESS).toList();
        assertThat(moves.size()).isBetween(2, 2 + (int) (2 * seconds));
        assertThat(moves.stream().map(Progress::bytes)).isSorted();
        assertThat(moves.get(moves.size() - 1).total()).isEqualTo(body.length());
    }

    @Test
    void R14_links_of_strangers_do_not_reach_this_machine() {
        begun.add(
                host.fetcher.start(
                        "Strange",
                        new Engine("e", "1", null),
                        List.of(piece("p", body.sha256(), "/1")),
                        temp.resolve("pieces"),
                        Trust.NETWORK,
                        null,
                        told));

        assertThat(told.awaitError("p")).contains(origin.uri("/1") + ": ");
        assertThat(origin.connections()).isZero();
    }

    @Test
    void S8_the_fetcher_stops_soon_while_something_is_fetched() throws Exception {
        origin.serve("/1", Resource.of(body).pace(10_000));
        var own = own(piece("p", body.sha256(), "/1"));
        PieceHost.await(() -> !at("/1").isEmpty());

        assertStopsSoon(own);

        for (var row : host.queue("Stop")) {
            host.downloads.remove(row.id(), false).getValue();
        }
    }

    @Test
    void S8_the_fetcher_stops_soon_while_something_is_unpacked_and_leaves_nothing()
            throws Exception {
        // Each of its files goes to the disk by itself, which takes its time.
        var tar =
                Archives.tar(
                        IntStream.range(0, 20_000)
                                .mapToObj(i -> Archives.file("f" + i, "x"))
                                .toArray(Archives.Entry[]::new));
        origin.serve("/1", Resource.of(Body.of(tar)));
        var pieces = temp.resolve("pieces");
        var fresh = Path.of(PiecePlace.key(pieces, "p") + ".new");
        var own = own(piece("p", null, "/1"));
        PieceHost.await(() -> Files.exists(fresh.resolve("piece/f9")));

        assertStopsSoon(own);

        PieceHost.await(() -> PieceHost.names(pieces).isEmpty());
        assertThat(told.finished).isEmpty();
        assertThat(told.hasFailed("p")).isFalse();
    }

    private PieceFetcher own(Piece piece) {
        var own = new PieceFetcher(host.downloads, host.contents, Duration.ofSeconds(20));
        own.start(
                "Stop",
                new Engine("e", "1", null),
                List.of(piece),
                temp.resolve("pieces"),
                Trust.OPERATOR,
                null,
                told);
        return own;
    }

    private static void assertStopsSoon(PieceFetcher fetcher) {
        var begun = System.nanoTime();
        fetcher.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    private String awaitRunning(String batch, String path) {
        PieceHost.await(() -> !at(path).isEmpty() && running(batch, path).isPresent());
        return running(batch, path).get();
    }

    private Optional<String> running(String batch, String path) {
        return host.queue(batch).stream()
                .filter(row -> row.state() == DownloadState.DOWNLOADING)
                .filter(row -> row.source().link().endsWith(path))
                .map(Download::id)
                .findFirst();
    }

    private PieceWork start(Piece... pieces) {
        return start("Pieces", temp.resolve("pieces"), pieces);
    }

    private PieceWork start(String batch, Path folder, Piece... pieces) {
        return start(batch, folder, told, pieces);
    }

    private PieceWork start(String batch, Path folder, Told listener, Piece... pieces) {
        var engine = new Engine("e", "1", temp.resolve("engine").toString());
        var work =
                host.fetcher.start(
                        batch, engine, List.of(pieces), folder, Trust.OPERATOR, null, listener);
        begun.add(work);
        return work;
    }

    private Piece piece(String id, @Nullable String sha256, String... paths) {
        return new Piece(id, null, null, null, links(paths), sha256, -1, Archive.AUTO, null);
    }

    private Piece engined(String id, String path, String sha256) {
        return new Piece(id, null, null, null, links("/" + id), sha256, -1, Archive.AUTO, path);
    }

    private List<String> links(String... paths) {
        return Stream.of(paths).map(path -> origin.uri("") + path).toList();
    }

    private List<Exchange> at(String path) {
        return origin.log().stream().filter(one -> one.target().equals(path)).toList();
    }
}
