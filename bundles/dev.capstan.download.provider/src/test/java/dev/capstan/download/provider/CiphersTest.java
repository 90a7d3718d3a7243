package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.decrypt.spi.Decryptor;
import dev.capstan.name.Ulid;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("H2: which decryptors are only away")
class CiphersTest {
    @TempDir Path folder;

    private final Decryptor decryptor =
            spec -> {
                throw new AssertionError("Nothing is opened here");
            };

    @Test
    void whatWasClaimedOnceIsKnownAfterARestart() {
        var state = state();
        var ciphers = new Ciphers(state);

        assertThat(ciphers.add(decryptor, new String[] {"A", "B"})).containsOnly("A", "B");
        assertThat(ciphers.isClaimed("B")).isTrue();
        ciphers.remove(decryptor);
        state.flush();

        var later = new Ciphers(state());
        assertThat(ciphers.isClaimed("B")).isFalse();
        assertThat(later.isClaimed("B")).isFalse();
        assertThat(later.wasClaimed("B")).isTrue();
        assertThat(later.wasClaimed("C")).isFalse();
    }

    @Test
    void whatNamesNoCipherClaimsNone() {
        assertThat(new Ciphers(state()).add(decryptor, null)).isEmpty();
    }

    private LocalState state() {
        return new LocalState(folder.resolve("state.properties"), new Ulid(Clock.systemUTC()));
    }
}
