package dev.capstan.room.provider.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.room.RoomException;
import dev.capstan.secret.spi.Secrets;
import java.io.IOException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** S7: the keys of this host's users. */
@Timeout(60)
class IdentitiesTest {
    private final Kept kept = new Kept();
    private final Identities identities = new Identities(kept);

    @Test
    @DisplayName("A key is made once, and found again by whoever comes later")
    void isMadeOnce() throws RoomException {
        assertThat(identities.find("ann")).isEmpty();
        var made = identities.make("ann");

        assertThat(text(identities.make("ann"))).isEqualTo(text(made));
        assertThat(identities.find("ann")).map(IdentitiesTest::text).contains(text(made));
        var later = new Identities(kept).find("ann").orElseThrow();
        assertThat(text(later)).isEqualTo(text(made));
        var message = new byte[] {1};
        assertThat(Keys.isSigned(message, Keys.sign(message, later.getPrivate()), made.getPublic()))
                .isTrue();
        assertThat(text(identities.make("ben"))).isNotEqualTo(text(made));
        assertThat(kept.writes).hasValue(2);
    }

    @Test
    @DisplayName("Of callers at once one makes the key")
    void isMadeOnceByMany() throws Exception {
        var callers = Executors.newFixedThreadPool(8);
        try {
            for (var round = 0; round < 5; round++) {
                var user = "user" + round;
                var begin = new CountDownLatch(1);
                var calls = new ArrayList<Future<String>>();
                for (var i = 0; i < 8; i++) {
                    calls.add(
                            callers.submit(
                                    () -> {
                                        begin.await();
                                        return text(identities.make(user));
                                    }));
                }
                begin.countDown();
                var keys = new HashSet<String>();
                for (var call : calls) {
                    keys.add(call.get(30, TimeUnit.SECONDS));
                }
                assertThat(keys).hasSize(1);
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(kept.writes).hasValue(5);
    }

    @Test
    @DisplayName(
            "Users with any name have keys of their own, also where case and dots count little")
    void namesItsSecretsSafely() throws RoomException {
        var users =
                List.of(
                        "ann",
                        "Ann",
                        "ann.",
                        "ann b",
                        "Jürgen",
                        "\uD83D\uDE00",
                        "a:b",
                        "-ann",
                        "con",
                        "x".repeat(128),
                        "X".repeat(128));
        for (var user : users) {
            identities.make(user);
        }

        assertThat(kept.texts).hasSize(users.size());
        assertThat(kept.texts.keySet()).allMatch(name -> name.matches("[a-z0-9._-]{1,100}"));
        assertThat(kept.texts.keySet()).noneMatch(name -> name.endsWith("."));
        assertThat(kept.texts).containsKey("room-user-ann");
        for (var bad : List.of("", "..", "a/b", "a\\b", "a\nb", "x".repeat(129))) {
            assertThatThrownBy(() -> identities.make(bad))
                    .isInstanceOfSatisfying(
                            RoomException.class,
                            e -> assertThat(e.reason()).isEqualTo(RoomException.Reason.INVALID));
        }
    }

    @Test
    @DisplayName("A damaged secret is told and neither shown nor replaced")
    void keepsADamagedSecret() throws RoomException {
        identities.make("ann");
        var good = kept.texts.get("room-user-ann");
        var seed = good.split(" ")[1];
        var foreign = Keys.text(Keys.generate().getPublic());
        for (var damaged :
                List.of("", " ", seed, good + "x", good.replace(' ', '-'), foreign + " " + seed)) {
            kept.texts.put("room-user-ann", damaged);

            assertThatThrownBy(() -> identities.make("ann"))
                    .isInstanceOfSatisfying(
                            RoomException.class,
                            e -> assertThat(e.reason()).isEqualTo(RoomException.Reason.FAILED))
                    .hasMessageNotContaining(seed);
            assertThat(kept.texts).containsEntry("room-user-ann", damaged);
        }
    }

    @Test
    @DisplayName("A key that cannot be kept is not given, and the next call tries again")
    void givesNoKeyThatIsNotKept() throws RoomException {
        kept.full = true;
        assertThatThrownBy(() -> identities.make("ann"))
                .isInstanceOfSatisfying(
                        RoomException.class,
                        e -> assertThat(e.reason()).isEqualTo(RoomException.Reason.FAILED));
        kept.full = false;

        assertThat(identities.make("ann")).isNotNull();
    }

    private static String text(KeyPair keys) {
        return Keys.text(keys.getPublic());
    }

    /** Secrets in memory that hold to the names of the contract. */
    private static final class Kept implements Secrets {
        final Map<String, String> texts = new ConcurrentHashMap<>();
        final AtomicInteger writes = new AtomicInteger();
        volatile boolean full;

        @Override
        public Optional<String> get(String reference) {
            assertThat(reference).startsWith("file:");
            return Optional.ofNullable(texts.get(reference.substring(5)));
        }

        @Override
        public String put(String name, String secret) throws IOException {
            if (full || !name.matches("[A-Za-z0-9._-]{1,100}")) {
                throw new IOException("No space left on device");
            }
            writes.incrementAndGet();
            texts.put(name, secret);
            return "file:" + name;
        }

        @Override
        public void remove(String reference) {
            texts.remove(reference.substring(5));
        }
    }
}
