package dev.capstan.itest.rooms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.itest.Capstan;
import dev.capstan.itest.Control;
import dev.capstan.tck.Origin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three packaged hosts, each on a machine of its own, are in one room over each transport at the
 * same time.
 */
@Timeout(180)
class RoomsInNamespacesTest {
    /** What was on its way when a process was killed, and not yet said to be on disk. */
    private static final long LOST = 900_000;

    private static final List<String> ROOMS = List.of("tcp", "ws", "lan");
    private static final int LURKERS = 1_000;
    private static final int AGAIN = 3;
    private static final Pattern REPLAYED = Pattern.compile("(\\d+) replayed");

    /** The head of a masked binary message of 2³¹ − 1 bytes. */
    private static final byte[] MASKED_2_31 = {
        (byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 0x7F, -1, -1, -1, 1, 2, 3, 4
    };

    @TempDir static Path root;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, Stock> stocks = new LinkedHashMap<>();
    private final Map<String, Integer> doors = new LinkedHashMap<>();
    private Friend ann;
    private Friend bob;
    private Friend cid;
    private Tap tap;

    @AfterEach
    void end() throws Exception {
        for (var i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T what) {
        open.add(what);
        return what;
    }

    @Test
    @DisplayName("R3, R5, R8, R9, R10, R12: killed at half, attacked, and all have everything")
    void threeMachinesFinishWhateverHappens() throws Exception {
        var machines = closing(new Namespaces(3));
        ann = closing(new Friend("ann", root, machines, 0));
        bob = closing(new Friend("bob", root, machines, 1));
        cid = closing(new Friend("cid", root, machines, 2));
        var all = List.of(ann, bob, cid);
        all.parallelStream().forEach(Friend::start);
        var before = ann.ports();
        var origin = closing(Origin.plain(machines.here()));
        for (var room : ROOMS) {
            stocks.put(room, new Stock(origin, room, root.resolve("stock"), cid.address));
        }
        tap = closing(new Tap(machines.here(), ann.address));
        var wsPort = free(machines.here());
        make("tcp", "tcp://ann@" + machines.here().getHostAddress() + ":" + tap.port());
        make("ws", "ws://ann@" + ann.address.getHostAddress() + ":" + wsPort + "/rooms/ws");
        make("lan", "lan://ann");

        var answers = new LinkedHashMap<String, List<CompletableFuture<Control.Answer>>>();
        for (var room : ROOMS) {
            answers.put(room, new ArrayList<>());
            answers.get(room).add(ann.join(room));
            answers.get(room).add(bob.join(room));
            cid.join(room);
        }
        awaitRooms("cid at half", room -> stocks.get(room).isHalfSent());
        for (var friend : List.of(ann, bob)) {
            awaitRooms(
                    "what cid has, at " + friend.user,
                    room -> isSo(friend, room, "cid +yes .* 4/5 pieces"));
        }
        var sent = new LinkedHashMap<String, Map<String, Long>>();
        ROOMS.forEach(room -> sent.put(room, sentToCid(room)));
        locate(before, wsPort);

        cid.kill();
        for (var friend : List.of(ann, bob)) {
            awaitRooms("cid gone, at " + friend.user, room -> isSo(friend, room, "cid +no .*"));
        }
        attack();
        stocks.values().forEach(Stock::open);
        cid.start();
        for (var room : ROOMS) {
            answers.get(room).add(cid.join(room));
        }

        for (var room : ROOMS) {
            var stock = stocks.get(room);
            for (var i = 0; i < all.size(); i++) {
                var friend = all.get(i);
                var answer = answers.get(room).get(i).get(90, TimeUnit.SECONDS);
                assertThat(answer.exit()).as(friend.user + " in " + room + answer).isZero();
                stock.check(answer.out(), Stock.MANDATORY, friend.file(room));
                assertThat(stock.order(friend.address)).containsExactly("1", "2", "3", "4");
                if (!friend.equals(cid)) {
                    assertThat(answer.err())
                            .as(friend.user + " in " + room)
                            .containsSubsequence("cid is here", "cid is gone", "cid is here");
                }
            }
        }
        var ended = System.nanoTime();
        Capstan.await("no listener", () -> ports().equals(before));
        assertThat(System.nanoTime() - ended).isLessThan(TimeUnit.SECONDS.toNanos(3));

        for (var room : ROOMS) {
            sentToCid(room)
                    .forEach(
                            (piece, bytes) -> {
                                var length = stocks.get(room).length(piece);
                                var lost = sent.get(room).get(piece) < length ? LOST : 0;
                                assertThat(bytes)
                                        .as(room + " " + piece)
                                        .isBetween(length, length + lost);
                            });
        }
        withoutRoom();
    }

    private static int free(InetAddress address) throws IOException {
        try (var socket = new ServerSocket(0, 1, address)) {
            return socket.getLocalPort();
        }
    }

    /** Ann makes the file, each signs a copy at home, and Ann puts the copies together. */
    private void make(String room, String transport) throws Exception {
        Files.writeString(ann.file(room + "-lock.json"), stocks.get(room).matchLock());
        var words =
                new ArrayList<>(
                        List.of(
                                "create",
                                "--id",
                                room,
                                "--match-lock",
                                room + "-lock.json",
                                "--transport",
                                transport,
                                "-o",
                                room + ".json"));
        for (var friend : List.of(ann, bob, cid)) {
            words.add("--user");
            words.add(friend.user + "=" + friend.room("identity", friend.user).strip());
        }
        ann.room(words.toArray(String[]::new));
        for (var friend : List.of(bob, cid)) {
            Files.copy(ann.file(room + ".json"), friend.file(room + ".json"));
            friend.room("sign", room + ".json", "--as", friend.user);
            Files.copy(
                    friend.file(room + ".json"), ann.file(room + "-of-" + friend.user + ".json"));
        }
        ann.room("sign", room + ".json", "--as", "ann");
        var signed =
                ann.room("collect", room + ".json", room + "-of-bob.json", room + "-of-cid.json");
        for (var friend : List.of(ann, bob, cid)) {
            Files.writeString(friend.file(room + ".json"), signed);
        }
    }

    private void awaitRooms(String what, Predicate<String> condition) throws InterruptedException {
        for (var room : ROOMS) {
            try {
                Capstan.await(what + ", in " + room, () -> condition.test(room));
            } catch (AssertionError e) {
                e.addSuppressed(
                        new AssertionError(ann.told(room) + bob.told(room) + cid.told(room)));
                throw e;
            }
        }
    }

    private static boolean isSo(Friend friend, String room, String line) {
        return friend.show(room).lines().anyMatch(each -> each.strip().matches(line));
    }

    private Map<String, Long> sentToCid(String room) {
        var sent = new LinkedHashMap<String, Long>();
        for (var piece : Stock.MANDATORY) {
            sent.put(piece, stocks.get(room).sent(piece, cid.address));
        }
        return sent;
    }

    private Set<Integer> ports() {
        try {
            return ann.ports();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Finds the doors of the rooms: the one in the local network is any. */
    private void locate(Set<Integer> before, int wsPort) {
        var lan = ports();
        lan.removeAll(before);
        assertThat(lan.remove(tap.port())).isTrue();
        assertThat(lan.remove(wsPort)).isTrue();
        doors.put("tcp", tap.port());
        doors.put("ws", wsPort);
        doors.put("lan", lan.iterator().next());
    }

    /** While Bob hears nothing of it. */
    private void attack() throws Exception {
        bob.freeze(true);
        var said =
                tap.lines().stream()
                        .map(Tap.Line::said)
                        .filter(frames -> frames.size() > 1)
                        .toList();
        for (var room : ROOMS) {
            var door = new InetSocketAddress(ann.address, doors.get(room));
            var intruder = closing(new Intruder(door));
            var isWeb = room.equals("ws");
            var beginning = isWeb ? Intruder.upgrade("/rooms/ws") : new byte[0];
            for (var seed = 0; seed < 10; seed++) {
                intruder.say(Intruder.noise(beginning, seed));
            }
            intruder.say(Intruder.join("What?\r\n\r\n".getBytes(UTF_8), new byte[100]));
            if (isWeb) {
                // It may say no before it hangs up, and is not answered.
                intruder.talk(beginning, MASKED_2_31);
            } else {
                intruder.say(new byte[] {0x7F, -1, -1, -1});
            }
            // Signs of life in one case, questions that want to be answered in the other.
            var again = isWeb ? new byte[] {(byte) 0x89, (byte) 0x80, 1, 2, 3, 4} : new byte[4];
            for (var i = 0; i < 4; i++) {
                intruder.talk(beginning, again);
            }
            intruder.lurk(LURKERS);
            if (isWeb) {
                // There is room for one more, as for the replayed ones over tcp.
                assertThat(intruder.say(Intruder.noise(beginning, 1))).startsWith("HTTP/1.1 101");
            }
        }
        replay(said);
        assertThat(ROOMS)
                .allMatch(room -> isSo(ann, room, "state +open") && isSo(ann, room, "bob +yes .*"));
        bob.freeze(false);
        assertThat(ROOMS).allMatch(room -> isSo(bob, room, "state +open"));
    }

    private void replay(List<List<byte[]>> said) throws IOException, InterruptedException {
        var intruder = new Intruder(new InetSocketAddress(ann.address, doors.get("tcp")));
        for (var frames : said) {
            var heard = intruder.say(Intruder.frames(frames));
            assertThat(heard).doesNotContain("\"state\"");
        }
        for (var line : tap.lines()) {
            try {
                line.again(AGAIN);
            } catch (IOException e) {
                // Cid's is over.
            }
        }
        // A handshake each, and what Bob said again.
        var most = said.size() + AGAIN;
        Capstan.await("a warning", () -> replayed() >= most);
    }

    /** How many frames Ann has dropped since they had been said before. */
    private int replayed() {
        var found = REPLAYED.matcher(ann.show("tcp"));
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    /** R4, by what is in the store; only what no room asked for is fetched. */
    private void withoutRoom() throws IOException {
        for (var room : ROOMS) {
            var lock = room + "-lock.json";
            var some = ann.room("pieces", "--mandatory", lock, "-d", room + "-mandatory");
            stocks.get(room).check(some, Stock.MANDATORY, ann.file(room + "-mandatory"));
            var every = ann.room("pieces", "--all", lock, "-d", room + "-all");
            stocks.get(room).check(every, Stock.ALL, ann.file(room + "-all"));
        }
    }
}
