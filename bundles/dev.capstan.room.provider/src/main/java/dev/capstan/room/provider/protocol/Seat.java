package dev.capstan.room.provider.protocol;

import dev.capstan.room.provider.document.RoomConfig;
import dev.capstan.room.provider.playing.Deck;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one host knows of a room it is in, whether it makes it or joins it.
 *
 * @param config what all signed
 * @param user who sits here
 * @param key of that user
 * @param board who has what
 * @param drops what was not believed
 * @param deck the records of this host
 * @param ranges of pieces that members ask of each other
 * @param transport the transport that takes the room's address, while there is one
 * @param clock decides what is late
 */
record Seat(
        RoomConfig config,
        String user,
        PrivateKey key,
        Board board,
        Drops drops,
        Deck deck,
        Ranges ranges,
        Supplier<@Nullable Transport> transport,
        InstantSource clock) {
    /** Peers that repeat what is not believed so often are disconnected (R9). */
    static final int MOST_OFFENCES = 16;

    /** Who has not proved who it is may send frames as long as this (R8). */
    static final int UNPROVEN_FRAME = 4 << 10;

    Voice voice() {
        return new Voice(config.roomId(), user, key);
    }

    PublicKey keyOf(String name) {
        return Objects.requireNonNull(config.users().get(name), name);
    }

    String thread(String of) {
        return "capstan-room-" + config.roomId() + "-" + of;
    }
}
