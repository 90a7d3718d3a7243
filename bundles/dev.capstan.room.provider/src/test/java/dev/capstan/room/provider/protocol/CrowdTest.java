package dev.capstan.room.provider.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many members and pieces as a room must bear. */
@Timeout(300)
class CrowdTest {
    private static final int MEMBERS = 100;
    private static final int PIECES = 20;

    @Test
    @DisplayName(
            "A hundred members hear of each other's twenty pieces, by one message a tick for all")
    void hundred() throws Exception {
        var users = IntStream.range(0, MEMBERS).mapToObj(i -> "user-" + i).toArray(String[]::new);
        try (var party = new Party(PIECES, users)) {
            party.tick = RoomSession.TICK;
            party.keepsEvents = false;
            var hosts = new ArrayList<Party.Host>();
            hosts.add(party.join(users[0]));
            Party.await("the room is open", () -> Party.isOpen(hosts.get(0)));
            var cut = new CutTransport(party.loopback);
            hosts.add(party.join(users[1], cut, request -> request));
            for (var user : users) {
                if (!user.equals(users[0]) && !user.equals(users[1])) {
                    hosts.add(party.join(user));
                }
            }
            for (var host : hosts) {
                Party.await(host.user + " is in", () -> Party.isOpen(host));
            }
            var before = cut.received.size();
            var began = System.nanoTime();
            for (var host : hosts) {
                for (var piece : party.config.pieces()) {
                    host.pieces.moved(piece.id(), 50, 100);
                }
            }
            for (var host : hosts) {
                for (var user : users) {
                    Party.await(
                            host.user + " hears of " + user,
                            () -> host.session.board().state(user, 19).progress().bytes() == 50);
                }
            }
            var ticks = (System.nanoTime() - began) / RoomSession.TICK.toNanos() + 2;
            var frames = cut.received.size() - before;
            assertTrue(frames <= 3 * ticks, frames + " messages in " + ticks + " ticks");
        }
    }
}
