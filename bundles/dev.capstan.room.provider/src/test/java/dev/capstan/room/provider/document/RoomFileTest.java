package dev.capstan.room.provider.document;

import static dev.capstan.room.provider.document.Samples.KEYS;
import static dev.capstan.room.provider.document.Samples.MATCH_LOCK;
import static dev.capstan.room.provider.document.Samples.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.room.RoomDraft;
import dev.capstan.room.RoomException;
import dev.capstan.room.RoomException.Reason;
import dev.capstan.room.provider.document.MatchLock.Piece;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R1 and R3: room files are made, signed, collected and checked. */
@Timeout(120)
class RoomFileTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("A file that all users signed says what was drafted")
    void saysWhatWasDrafted(boolean byReference) throws RoomException {
        var file = RoomFile.parse(Samples.signed(byReference).text());

        var config = file.verify(NOW, byReference ? MATCH_LOCK : null);

        assertThat(config.roomId()).isEqualTo("friday").isEqualTo(file.roomId());
        assertThat(config.pieces()).extracting(Piece::id).containsExactly("core", "music");
        assertThat(config.engine()).isEqualTo(MatchLock.parse(MATCH_LOCK).engine());
        assertThat(config.users()).containsOnlyKeys(KEYS.keySet());
        KEYS.forEach(
                (user, pair) -> assertThat(config.users()).containsEntry(user, pair.getPublic()));
        assertThat(config.transport()).hasToString("tcp://ann@192.168.1.5:7777");
        assertThat(config.maker()).isEqualTo("ann");
        assertThat(config.expires()).isEqualTo(NOW.plus(Duration.ofDays(7)));
    }

    @Test
    @DisplayName("The text is canonical, and what is signed is the canonical form of config alone")
    void signsTheCanonicalConfig() throws RoomException {
        var text = Samples.signed(false).text();
        var file = StrictJson.object(text, StrictJson.DOCUMENT);
        var config = CanonicalJson.of(file.get("config"));

        assertThat(CanonicalJson.of(file)).isEqualTo(text);
        for (var user : KEYS.entrySet()) {
            var signature =
                    Keys.encode(Keys.sign(config.getBytes(UTF_8), user.getValue().getPrivate()));
            assertThat(file.get("signatures"))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry(user.getKey(), signature);
        }
        assertThat(RoomFile.parse(text).verify(NOW, null).digest()).isEqualTo(Sha256.hex(config));
    }

    @Test
    @DisplayName("However it is laid out, it is the same file")
    void doesNotDependOnLayout() throws RoomException {
        var file = Samples.signed(false);
        var laidOut = file.text().replace(",\"", " ,\r\n\t\"").replace("\":", "\" : ") + "\n";

        var read = RoomFile.parse(laidOut);

        assertThat(read.text()).isEqualTo(file.text());
        assertThat(read.verify(NOW, null)).isEqualTo(file.verify(NOW, null));
    }

    @Test
    @DisplayName("2,000 single-byte mutations of a signed file are all refused")
    void refusesMutations() throws RoomException {
        var original = Samples.signed(false).text().getBytes(UTF_8);
        var random = new Random(8785);
        for (var i = 0; i < 2_000; i++) {
            var mutated = original.clone();
            var at = random.nextInt(mutated.length);
            // Any other byte is seldom JSON at all; a neighbour is, so the signatures decide.
            mutated[at] ^= (byte) (i % 2 == 0 ? 1 + random.nextInt(255) : 1);

            assertThatThrownBy(() -> RoomFile.parse(new String(mutated, UTF_8)).verify(NOW, null))
                    .as("byte %d is %d", at, mutated[at])
                    .isInstanceOf(RoomException.class);
        }
    }

    @Test
    @DisplayName("All users must have signed, each with the key the file names")
    void wantsAllSignatures() throws RoomException {
        var file = RoomFile.create(Samples.draft(false), NOW);
        refused(Reason.NOT_SIGNED, () -> file.verify(NOW, null));
        var partly = file.signed("ann", key("ann")).signed("ben", key("ben"));
        refused(Reason.NOT_SIGNED, () -> partly.verify(NOW, null)).hasMessageContaining("Cécile");

        refused(Reason.INVALID, () -> partly.signed("Cécile", key("ben")))
                .hasMessageStartingWith("/config/users/Cécile/publicSignatureKey: ");
        refused(Reason.NOT_FOUND, () -> partly.signed("dan", key("ben")));

        // A right signature under another user's name
        var all = Samples.signed(false).text();
        var swapped = swap(all, signatureOf(all, "ann"), signatureOf(all, "ben"));
        refused(Reason.NOT_SIGNED, () -> RoomFile.parse(swapped).verify(NOW, null))
                .hasMessageStartingWith("/signatures/");
    }

    @Test
    @DisplayName("A signature for another room's configuration does not count")
    void refusesOtherConfigurations() throws RoomException {
        var friday = Samples.signed(false).text();
        var saturday = friday.replace("\"friday\"", "\"saturday\"");

        refused(Reason.NOT_SIGNED, () -> RoomFile.parse(saturday).verify(NOW, null));
    }

    @Test
    @DisplayName("From its expiry on a file is of no use")
    void expires() throws RoomException {
        var file = Samples.signed(false);
        var end = NOW.plus(Duration.ofDays(7));

        assertThat(file.verify(end.minusMillis(1), null)).isNotNull();
        refused(Reason.NOT_SIGNED, () -> file.verify(end, null)).hasMessageContaining("expired");
    }

    @Test
    @DisplayName("A match lock named by its SHA-256 is needed, and only that one will do")
    void wantsTheMatchLockItNames() throws RoomException {
        var file = Samples.signed(true);
        var other = MATCH_LOCK.replace("1234567", "1234568");

        assertThat(file.text())
                .contains(MatchLock.parse(MATCH_LOCK).digest())
                .doesNotContain("core.zip");
        assertThat(file.verify(NOW, MATCH_LOCK.replace("\n", "\r\n\t"))).isNotNull();
        refused(Reason.INVALID, () -> file.verify(NOW, null))
                .hasMessageStartingWith("/config/restriction: ");
        refused(Reason.INVALID, () -> file.verify(NOW, other))
                .hasMessageStartingWith("/config/restriction: ");
        refused(Reason.INVALID, () -> Samples.signed(false).verify(NOW, other))
                .hasMessageStartingWith("/config/restriction: ");
        assertThat(Samples.signed(false).verify(NOW, MATCH_LOCK)).isNotNull();
    }

    @Test
    @DisplayName("Expected pieces of a match lock that is named only are looked for when it comes")
    void looksForPiecesOfANamedMatchLock() throws RoomException {
        var text = RoomFile.create(Samples.draft(true), NOW).text();
        var more = RoomFile.parse(text.replace("[\"core\"", "[\"core\",\"nowhere\""));
        for (var user : KEYS.entrySet()) {
            more = more.signed(user.getKey(), user.getValue());
        }
        var signed = more;

        refused(Reason.INVALID, () -> signed.verify(NOW, MATCH_LOCK))
                .hasMessageStartingWith("/config/pieces/base/1: ");
    }

    @Test
    @DisplayName(
            "Copies signed apart are one file with all signatures, in whatever order they come")
    void collects() throws RoomException {
        var file = RoomFile.create(Samples.draft(false), NOW);
        var copies =
                List.of(
                        file.signed("Cécile", key("Cécile")).text() + "\n",
                        file.text(),
                        file.signed("ann", key("ann")).text(),
                        file.signed("ann", key("ann")).signed("ben", key("ben")).text());

        var all = RoomFile.collect(copies);

        assertThat(all.verify(NOW, null)).isNotNull();
        assertThat(all.text()).isEqualTo(Samples.signed(false).text());
        assertThat(RoomFile.collect(List.of(file.text())).text()).isEqualTo(file.text());
    }

    @Test
    @DisplayName("Copies that differ, and signatures that are wrong, are not collected")
    void collectsNothingWrong() throws RoomException {
        var file = RoomFile.create(Samples.draft(false), NOW);
        var later = RoomFile.create(Samples.draft(false), NOW.plusSeconds(1));
        var signed = file.signed("ann", key("ann")).text();
        var old = signatureOf(signed, "ann");
        var wrong = signed.replace(old, "A".repeat(86));

        refused(Reason.INVALID, () -> RoomFile.collect(List.of(file.text(), later.text())))
                .hasMessageContaining("File 2");
        refused(Reason.INVALID, () -> RoomFile.collect(List.of()));
        refused(Reason.NOT_SIGNED, () -> RoomFile.collect(List.of(wrong)));
        refused(Reason.NOT_SIGNED, () -> RoomFile.collect(List.of(signed, wrong)));
    }

    @Test
    @DisplayName("A room is named by its draft, else by its address, else at random")
    void isNamed() throws RoomException {
        var ws = "ws://ann@host:8080/rooms/fri%20day%3A1";

        assertThat(created(draft("one", "tcp://ann@h:1", null)).roomId()).isEqualTo("one");
        assertThat(created(draft(null, ws, null)).roomId()).isEqualTo("fri day:1");
        assertThat(created(draft(null, "lan://ann", null)).roomId()).matches("room-[0-9a-f]{20}");
        assertThat(created(draft(null, "lan://ann", null)).roomId())
                .isNotEqualTo(created(draft(null, "lan://ann", null)).roomId());
        refused(Reason.INVALID, () -> created(draft("other", ws, null)))
                .hasMessageStartingWith("/config/transport: ");
    }

    @Test
    @DisplayName("A colon in an address is a password's, unless it is percent-encoded")
    void knowsPasswords() throws RoomException {
        var keys = Map.of("ann:1", Keys.text(key("ann").getPublic()));
        for (var good : List.of("tcp://ann%3A1@h:7", "lan://ann%3a1")) {
            assertThat(created(draft(good, keys)).roomId()).isEqualTo("one");
        }
        for (var bad : List.of("tcp://ann:1@h:7", "lan://ann:1")) {
            refused(Reason.INVALID, () -> created(draft(bad, keys)))
                    .hasMessageStartingWith("/config/transport: ")
                    .hasMessageContaining("password");
        }
    }

    @Test
    @DisplayName("Pieces that are named are expected in the match lock's order, and must be there")
    void expectsNamedPieces() throws RoomException {
        var chosen = Map.of("stages", Set.of("night club", "beach"), "base", Set.of("music"));
        var file = created(draft("one", "tcp://ann@h:1", chosen));
        var signed = file;
        for (var user : KEYS.entrySet()) {
            signed = signed.signed(user.getKey(), user.getValue());
        }

        assertThat(signed.verify(NOW, null).pieces())
                .extracting(Piece::id)
                .containsExactly("music", "beach", "night club");
        refused(
                        Reason.INVALID,
                        () ->
                                created(
                                        draft(
                                                "one",
                                                "tcp://ann@h:1",
                                                Map.of("base", Set.of("beach")))))
                .hasMessageStartingWith("/config/pieces/base/0: ");
        refused(
                        Reason.INVALID,
                        () ->
                                created(
                                        draft(
                                                "one",
                                                "tcp://ann@h:1",
                                                Map.of("none", Set.of("core")))))
                .hasMessageStartingWith("/config/pieces/none: ");
        refused(Reason.INVALID, () -> created(draft("one", "tcp://ann@h:1", Map.of())))
                .hasMessageStartingWith("/config/pieces: ");
    }

    @Test
    @DisplayName("A draft says by a pointer what is wrong with it")
    void refusesBadDrafts() {
        refused(Reason.INVALID, () -> created(draft("a/b", "tcp://ann@h:1", null)))
                .hasMessageStartingWith("/config/roomId: ");
        refused(Reason.INVALID, () -> created(draft("one", "tcp://dan@h:1", null)))
                .hasMessageStartingWith("/config/transport: ");
        var good = Samples.draft(false);
        for (var validity : List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(4_000))) {
            refused(
                            Reason.INVALID,
                            () ->
                                    created(
                                            new RoomDraft(
                                                    "one",
                                                    MATCH_LOCK,
                                                    false,
                                                    good.keys(),
                                                    good.transport(),
                                                    null,
                                                    validity)))
                    .hasMessageStartingWith("/config/expires: ");
        }
        var lock = MATCH_LOCK.replace("\"zip\"", "\"rar\"");
        refused(
                        Reason.INVALID,
                        () ->
                                created(
                                        new RoomDraft(
                                                "one",
                                                lock,
                                                true,
                                                good.keys(),
                                                good.transport(),
                                                null,
                                                Duration.ofDays(1))))
                .hasMessageStartingWith("/pieceCollections/base/pieces/0/archive: ");
        refused(
                        Reason.INVALID,
                        () ->
                                created(
                                        new RoomDraft(
                                                "one",
                                                MATCH_LOCK,
                                                true,
                                                Map.of("ann", "ed25519:AAAA"),
                                                good.transport(),
                                                null,
                                                Duration.ofDays(1))))
                .hasMessageStartingWith("/config/users/ann/publicSignatureKey: ");
    }

    @Test
    @DisplayName("A large match lock is embedded up to 1 MiB of file and 10,000 pieces")
    void isBounded() throws RoomException {
        assertThat(MatchLock.parse(lock(10_000, 10)).collections().get("c").pieces())
                .hasSize(10_000);
        refused(Reason.INVALID, () -> MatchLock.parse(lock(10_001, 10)))
                .hasMessageStartingWith("/pieceCollections/c/pieces: ");
        refused(Reason.INVALID, () -> MatchLock.parse(lock(200, 8_000)))
                .hasMessageContaining("larger than 1048576 bytes");
        refused(
                        Reason.INVALID,
                        () ->
                                created(
                                        new RoomDraft(
                                                null,
                                                lock(128, 8_155),
                                                false,
                                                Samples.draft(false).keys(),
                                                URI.create("lan://ann"),
                                                null,
                                                Duration.ofDays(1))))
                .hasMessageContaining("larger than 1048576 bytes");
    }

    @Test
    @DisplayName("Users times pieces are 100,000 at most, and what is too much is pointed at")
    void isNotTooWide() throws RoomException {
        var keys = new HashMap<String, String>();
        keys.put("ann", Keys.text(key("ann").getPublic()));
        for (var i = 1; i < 10; i++) {
            keys.put("user-" + i, Keys.text(Keys.generate().getPublic()));
        }
        assertThat(created(wide(keys)).roomId()).isEqualTo("one");

        keys.put("one more", Keys.text(Keys.generate().getPublic()));

        refused(Reason.INVALID, () -> created(wide(keys)))
                .hasMessageStartingWith("/config/pieces: ")
                .hasMessageContaining("10000 pieces for 11 users");
    }

    private static RoomDraft wide(Map<String, String> keys) {
        return new RoomDraft(
                "one",
                lock(10_000, 10),
                true,
                keys,
                URI.create("lan://ann"),
                null,
                Duration.ofDays(1));
    }

    private static String lock(int pieces, int link) {
        var text =
                new StringBuilder("{\"version\":1,\"engine\":{\"name\":\"e\",\"version\":\"1\"},");
        text.append("\"pieceCollections\":{\"c\":{\"selection\":\"mandatory\",\"pieces\":[");
        for (var i = 0; i < pieces; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"p")
                    .append(i)
                    .append("\",\"resolvables\":[\"x:")
                    .append("y".repeat(link))
                    .append("\"]}");
        }
        return text.append("]}}}").toString();
    }

    private static RoomDraft draft(
            String roomId, String transport, Map<String, Set<String>> expected) {
        return new RoomDraft(
                roomId,
                MATCH_LOCK,
                false,
                Samples.draft(false).keys(),
                URI.create(transport),
                expected,
                Duration.ofHours(1));
    }

    private static RoomDraft draft(String transport, Map<String, String> keys) {
        return new RoomDraft(
                "one", MATCH_LOCK, false, keys, URI.create(transport), null, Duration.ofHours(1));
    }

    private static RoomFile created(RoomDraft draft) throws RoomException {
        return RoomFile.create(draft, NOW);
    }

    private static KeyPair key(String user) {
        return KEYS.get(user);
    }

    private static String signatureOf(String text, String user) throws RoomException {
        var signatures = (Map<?, ?>) StrictJson.object(text, StrictJson.DOCUMENT).get("signatures");
        return (String) signatures.get(user);
    }

    private static String swap(String text, String one, String other) {
        return text.replace(one, "?").replace(other, one).replace("?", other);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(
            Reason reason, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RoomException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
