package dev.capstan.admin.shell.room;

import static dev.capstan.admin.shell.room.TestRooms.member;
import static dev.capstan.admin.shell.room.TestRooms.piece;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.Await;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.download.Batch;
import dev.capstan.download.BatchRef;
import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.ErrorClass;
import dev.capstan.room.Room;
import dev.capstan.room.Room.Member;
import dev.capstan.room.Room.State;
import dev.capstan.room.Room.Status;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RoomVerbsTest {
    private static final Member NOTHING =
            member(false, piece(Status.NOT_STARTED, 0), piece(Status.NOT_STARTED, 0));
    private static final Member HALF =
            member(true, piece(Status.FINISHED, 1_000), piece(Status.NOT_STARTED, 0));
    private static final Member ALL =
            member(true, piece(Status.FINISHED, 1_000), piece(Status.FINISHED, 1_000));

    private static final Member GONE_WITH_ALL =
            member(false, piece(Status.FINISHED, 1_000), piece(Status.FINISHED, 1_000));

    @TempDir private Path folder;
    private final TestRooms rooms = new TestRooms();
    private TestHost host;

    @BeforeEach
    void startHost() throws Exception {
        host = new TestHost(folder);
        host.give(rooms);
        Files.writeString(folder.resolve("lock.json"), "a match lock");
        Files.writeString(folder.resolve("room.json"), "a room");
    }

    @Test
    @DisplayName("R3: a room file is made of a match lock, users and an address, and is never lost")
    void aRoomFileIsMade() throws Exception {
        var line =
                new String[] {
                    "room",
                    "create",
                    "--match-lock",
                    "lock.json",
                    "--user",
                    "ann=ed25519:A",
                    "--user",
                    "b=ob=ed25519:B",
                    "--transport",
                    "tcp://ann@192.0.2.7:7777",
                    "--piece",
                    "maps/one",
                    "--piece",
                    "maps/two",
                    "--reference",
                    "--id",
                    "x",
                    "--valid-for",
                    "2",
                    "-o",
                    "new.json"
                };

        assertThat(run(0, line)).isEmpty();

        assertThat(folder.resolve("new.json")).hasContent("room file\n");
        var draft = rooms.drafts.get(0);
        assertThat(draft.matchLock()).isEqualTo("a match lock");
        assertThat(draft.keys()).isEqualTo(Map.of("ann", "ed25519:A", "b=ob", "ed25519:B"));
        assertThat(draft.transport()).isEqualTo(URI.create("tcp://ann@192.0.2.7:7777"));
        assertThat(draft.expected()).isEqualTo(Map.of("maps", Set.of("one", "two")));
        assertThat(draft.byReference()).isTrue();
        assertThat(draft.roomId()).isEqualTo("x");
        assertThat(draft.validFor()).isEqualTo(Duration.ofHours(2));
        assertThat(err(17, line)).contains("new.json cannot be written: it is there already.");

        var least = new String[] {"room", "create", "--match-lock", "-", "--transport", "lan://a"};
        var call = host.start(folder, "typed", 0, least);
        assertThat(call.exit()).isZero();
        assertThat(call.out()).isEqualTo("room file\n");
        assertThat(rooms.drafts.get(2).matchLock()).isEqualTo("typed");
        assertThat(rooms.drafts.get(2).expected()).isNull();
    }

    @Test
    @DisplayName("R1: a file is signed in its place, and copies that were signed apart become one")
    void aRoomFileIsSignedInItsPlace() throws Exception {
        run(0, "room", "sign", "room.json", "--as", "ann");
        assertThat(folder.resolve("room.json")).hasContent("a room signed by ann\n");
        run(0, "room", "sign", "room.json", "--as", "bob", "-o", "bob.json");
        assertThat(folder.resolve("bob.json")).hasContent("a room signed by ann signed by bob\n");

        assertThat(err(3, "room", "sign", "room.json", "--as", "eve"))
                .isEqualTo("capstan: eve has no identity here\n");
        assertThat(folder.resolve("room.json")).hasContent("a room signed by ann\n");

        assertThat(run(0, "room", "collect", "room.json", "bob.json"))
                .isEqualTo("a room signed by ann+a room signed by ann signed by bob\n");
        run(0, "room", "collect", "room.json", "bob.json", "-o", "room.json");
        assertThat(folder.resolve("room.json")).content().contains("+");
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing is left beside").hasSize(3);
        }
        assertThat(run(0, "room", "identity", "ann")).isEqualTo("ed25519:ann\n");
    }

    @Test
    @DisplayName("R12: join tells what happens, and prints folders only when all have everything")
    void joinFollowsToTheEnd() throws Exception {
        var call =
                host.start(
                        folder,
                        "room",
                        "join",
                        "room.json",
                        "--as",
                        "ann",
                        "-d",
                        "out",
                        "--deadline",
                        "60",
                        "--min-speed",
                        "1000",
                        "--from-members",
                        "--abort-on-failure",
                        "--match-lock",
                        "lock.json");
        Await.until("the wish to join", () -> !rooms.joins.isEmpty());
        rooms.set(State.CONNECTING, "waiting for ann's host", NOTHING, NOTHING);
        Await.until("what is waited for", () -> call.err().contains("waiting for ann's host\n"));
        rooms.joined.resolve(rooms.set(State.OPEN, null, HALF, NOTHING));
        Await.until("the first piece", () -> call.err().contains("ann is here\nmaps: 1000 B\n"));
        var failed = member(true, piece(Status.ERROR, 0), piece(Status.NOT_STARTED, 0));
        rooms.set(State.OPEN, null, ALL, failed, "bob is slow");
        Await.until("a warning", () -> call.err().contains("bob is slow\n"));
        assertThat(call.out()).isEmpty();
        rooms.set(State.CONNECTING, "no connection", NOTHING, NOTHING);
        Await.until("a break", () -> call.err().contains("bob is gone\n"));
        rooms.set(State.OPEN, null, ALL, ALL);
        Await.until("the last piece", () -> call.err().contains("bob has everything\n"));
        rooms.set(State.FINISHED, null, ALL, GONE_WITH_ALL);
        rooms.finished.resolve(Map.of("skins", Path.of("/p/skins"), "maps", Path.of("/p/maps")));

        assertThat(call.exit()).isZero();
        assertThat(call.out()).isEqualTo("maps  /p/maps\nskins  /p/skins\n");
        assertThat(call.err())
                .isEqualTo(
                        """
                        waiting for ann's host
                        ann is here
                        maps: 1000 B
                        skins: 1000 B
                        ann has everything
                        bob is here
                        bob: maps: all links failed
                        bob is slow
                        no connection
                        bob is gone
                        ann is here
                        maps: 1000 B
                        skins: 1000 B
                        ann has everything
                        bob is here
                        bob has everything
                        """);
        var request = rooms.joins.get(0);
        assertThat(request.roomFile()).isEqualTo("a room");
        assertThat(request.user()).isEqualTo("ann");
        assertThat(request.folder()).isEqualTo(folder.resolve("out"));
        assertThat(request.matchLock()).isEqualTo("a match lock");
        assertThat(request.deadline()).isEqualTo(Duration.ofMinutes(1));
        assertThat(request.minimumSpeed()).isEqualTo(1000);
        assertThat(request.fromMembers()).isTrue();
        assertThat(request.abortOnFailure()).isTrue();
        assertThat(rooms.calls).containsExactly("finished evening");
    }

    @Test
    @DisplayName("On a terminal each member has a line that is painted again")
    void aTerminalShowsALineForEachMember() throws Exception {
        rooms.joined.resolve(rooms.set(State.OPEN, null, HALF, NOTHING));
        var call = host.start(folder, "", 80, "room", "join", "room.json", "--as", "ann");
        Await.until("a line", () -> call.err().contains("1/2 pieces"));
        rooms.set(State.OPEN, null, ALL, HALF);
        Await.until("a change", () -> call.err().contains("bob is here"));
        rooms.finished.resolve(Map.of());

        assertThat(call.exit()).isZero();
        assertThat(call.err()).contains("ann               ", " 50%  1/2 pieces\n", "100%  2/2");
        assertThat(call.err()).contains("0%  not here, 0/2 pieces\n");
        assertThat(call.err()).as("the terminal is left clean").endsWith("\u001b[J");
    }

    @Test
    @DisplayName("Who breaks a join off leaves the room, before anybody let him in too")
    void whoBreaksOffLeaves() throws Exception {
        for (var isIn : List.of(false, true)) {
            rooms.room = null;
            rooms.calls.clear();
            var joins = rooms.joins.size();
            var call = host.start(folder, "room", "join", "room.json", "--as", "ann");
            Await.until("the wish to join", () -> rooms.joins.size() > joins);
            var room = rooms.set(State.CONNECTING, "waiting", NOTHING, NOTHING);
            Await.until("what is waited for", () -> call.err().contains("waiting"));
            if (isIn) {
                rooms.joined.resolve(room);
                Await.until("waiting for the end", () -> rooms.calls.contains("finished evening"));
            }

            call.interrupt();

            assertThat(call.exit()).isEqualTo(7);
            assertThat(rooms.calls).endsWith("leave evening");
            assertThat(call.out()).isEmpty();
        }
    }

    @Test
    @DisplayName("Who breaks a join off leaves no room that another has joined meanwhile")
    void anotherRoomIsNotLeft() throws Exception {
        var call = host.start(folder, "room", "join", "room.json", "--as", "ann");
        Await.until("the wish to join", () -> !rooms.joins.isEmpty());
        var another = rooms.set(State.OPEN, null, NOTHING, NOTHING);
        rooms.room =
                new Room(
                        "another",
                        another.user(),
                        another.state(),
                        null,
                        another.joined(),
                        another.members(),
                        List.of(),
                        Map.of());

        call.interrupt();

        assertThat(call.exit()).isEqualTo(7);
        assertThat(rooms.calls).isEmpty();
        assertThat(call.err()).doesNotContain("is here");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID, 28",
        "NOT_SIGNED, 24",
        "NOT_FOUND, 3",
        "REFUSED, 24",
        "UNREACHABLE, 6",
        "FAILED, 1"
    })
    void aFaultHasTheExitCodeOfItsReason(Reason reason, int exit) throws Exception {
        rooms.joined.fail(new RoomException(reason, "It is so.", null));

        assertThat(err(exit, "room", "join", "room.json", "--as", "ann"))
                .isEqualTo("capstan: It is so.\n");
    }

    @Test
    @DisplayName("R10, R11: rooms are shown with everybody's pieces, retried and left")
    void roomsAreShownRetriedAndLeft() throws Exception {
        assertThat(run(0, "rooms")).isEqualTo("This host is in no room.\n");
        assertThat(err(3, "room", "show", "evening")).contains("in no room \"evening\"");
        var failed = member(true, piece(Status.ERROR, 0), piece(Status.IN_PROGRESS, 500));
        rooms.set(State.OPEN, null, failed, HALF, "bob is slow");

        assertThat(run(0, "rooms").lines().map(String::strip))
                .containsExactly(
                        "ROOM     STATE  AS   HERE  PIECES                NOTE",
                        "evening  open   ann   2/2  0/2 pieces, 1 failed");
        assertThat(run(0, "room", "show", "eve"))
                .contains("state     open\n", "warning   bob is slow\n")
                .contains("bob   yes   50%  1/2 pieces\n")
                .contains("maps   failed      all links failed\n")
                .contains("skins  500/1000 B");
        run(0, "room", "retry", "evening", "maps");
        assertThat(err(1, "room", "retry", "evening", "skins")).contains("has not failed");
        run(0, "room", "leave", "evening");
        assertThat(rooms.calls)
                .containsExactly("retry evening maps", "retry evening skins", "leave evening");
    }

    @Test
    @DisplayName("R4: pieces come without a room, all of them or the mandatory ones")
    void piecesComeWithoutARoom() throws Exception {
        rooms.finished.resolve(Map.of("maps", Path.of("/p/maps")));

        assertThat(run(0, "room", "pieces", "--mandatory", "lock.json", "-d", "x"))
                .isEqualTo("maps  /p/maps\n");
        run(0, "room", "pieces", "lock.json", "--all");

        assertThat(rooms.calls)
                .containsExactly(
                        "pieces a match lock mandatory " + folder.resolve("x"),
                        "pieces a match lock all null");
        err(28, "room", "pieces", "lock.json");
        err(28, "room", "pieces", "lock.json", "--all", "--mandatory");
        assertThat(err(17, "room", "pieces", "--all", "gone.json"))
                .isEqualTo("capstan: gone.json cannot be read: there is no such file.\n");
    }

    @Test
    @DisplayName("R4: what comes of the pieces meanwhile is told once for each file")
    void piecesAreSeenToCome() throws Exception {
        var old = new BatchRef("old", "Something else");
        host.queue.batch(new Batch("old", "Something else", Instant.EPOCH, Map.of(), 0, 0));
        host.queue.complete(host.queue.row(link("other").batch(old)).id(), Path.of("/d/other"));
        var call = host.start(folder, "room", "pieces", "lock.json", "--all");
        Await.until("the wish", () -> !rooms.calls.isEmpty());
        var batch = new BatchRef("new", "Arena");
        var maps = host.queue.row(link("maps").batch(batch)).id();
        host.queue.complete(maps, Path.of("/d/maps"));
        host.queue.batch(new Batch("new", "Arena", Instant.now(), Map.of(), 0, 0));
        Await.until("the first piece", () -> call.err().contains("maps"));
        var skins = host.queue.row(link("skins").batch(batch)).id();
        host.queue.fail(skins, ErrorClass.NOT_FOUND, Detail.NONE, "it is gone");
        Await.until("the second", () -> call.err().contains("skins"));
        rooms.finished.fail(new RoomException(Reason.FAILED, "skins: it is gone", null));

        assertThat(call.exit()).isEqualTo(1);
        assertThat(call.out()).isEmpty();
        assertThat(call.err().lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("maps: "))
                .contains("skins: it is gone", "capstan: skins: it is gone");
    }

    private static DownloadRequest link(String name) {
        return DownloadRequest.of("http://h/" + name).fileName(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "room|needs an action",
                "room joi room.json|join",
                "room join room.json|--as is missing",
                "room join|needs a room file",
                "room sign a b --as ann|and one",
                "room create --transport lan://a|--match-lock is missing",
                "room create --match-lock lock.json|--transport is missing",
                "room create --match-lock lock.json --transport lan://a --user ann|ID=KEY",
                "room create --match-lock lock.json --transport lan://a --piece maps|COLLECTION/PIECE",
                "room retry evening|a room and a piece",
                "rooms now|does not know"
            })
    void aMistakeIsToldBeforeAnythingHappens(String line, String told) throws Exception {
        assertThat(err(28, line.split(" "))).contains(told);
        assertThat(rooms.calls).isEmpty();
        assertThat(rooms.drafts).isEmpty();
        assertThat(rooms.joins).isEmpty();
    }

    private String run(int exit, String... words) throws Exception {
        var call = host.start(folder, words);
        assertThat(call.exit()).as(call.err()).isEqualTo(exit);
        return call.out();
    }

    private String err(int exit, String... words) throws Exception {
        var call = host.start(folder, words);
        assertThat(call.exit()).isEqualTo(exit);
        return call.err();
    }
}
