package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.provider.LocalState.Claims;
import dev.capstan.host.spi.HostResolver;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostTest {
    private static final Instant NOW = ManualClock.START;
    private static final String ORIGIN = "https://acme.example";

    private final Host host = host(Map.of(HostResolver.DOMAINS, "acme.example"));

    @Test
    void q14_fiveOutagesInARowCloseTheHostForAMinuteAndThenOneDownloadTries() {
        fail(5, ErrorClass.TIMEOUT);

        assertThat(host.room(NOW)).isZero();
        assertThat(host.obstacle(NOW, ORIGIN))
                .hasValueSatisfying(
                        obstacle -> {
                            assertThat(obstacle.phase()).isEqualTo(Phase.HOST_WAIT);
                            assertThat(obstacle.until()).isEqualTo(NOW.plusSeconds(60));
                            assertThat(obstacle.errorClass()).isEqualTo(ErrorClass.TIMEOUT);
                        });
        assertThat(host.room(NOW.plusSeconds(59))).isZero();

        var later = NOW.plusSeconds(60);
        assertThat(host.room(later)).isPositive();
        var probe = host.enter("probe", ORIGIN, later);
        assertThat(host.room(later)).as("only one tries").isZero();

        probe.succeeded();
        assertThat(host.room(later)).isPositive();
    }

    @Test
    void q14_aFailedTryOpensItAgainAndAnUndecidedOneLetsTheNextTry() {
        fail(5, ErrorClass.NETWORK);
        var later = NOW.plusSeconds(60);

        var paused = host.enter("paused", ORIGIN, later);
        paused.leave();
        assertThat(host.room(later)).isPositive();

        var probe = host.enter("probe", ORIGIN, later);
        probe.failed(error(ErrorClass.UNAVAILABLE), later);
        probe.leave();
        assertThat(host.room(later.plusSeconds(59))).isZero();
        assertThat(host.room(later.plusSeconds(60))).isPositive();
    }

    @Test
    void q14_notFoundNeverCountsAndBreaksTheRow() {
        fail(50, ErrorClass.NOT_FOUND);
        assertThat(host.room(NOW)).isPositive();

        fail(4, ErrorClass.NETWORK);
        fail(1, ErrorClass.NOT_FOUND);
        fail(4, ErrorClass.NETWORK);
        assertThat(host.room(NOW)).isPositive();
        fail(1, ErrorClass.HOST);
        assertThat(host.room(NOW)).isZero();
    }

    @Test
    void q14_aFullDiskSaysNothingOfTheHost() {
        fail(4, ErrorClass.NETWORK);
        fail(1, ErrorClass.DISK_FULL);
        fail(1, ErrorClass.NETWORK);
        assertThat(host.room(NOW)).isZero();
    }

    @Test
    void q14_forAHostOfAnyOriginEachOriginHasABreakerOfItsOwn() {
        var any = host(Map.of(HostResolver.SCHEMES, new String[] {"http", "https"}));
        for (var i = 0; i < 5; i++) {
            var visit = any.enter("d" + i, "http://dead.example", NOW);
            visit.failed(error(ErrorClass.NETWORK), NOW);
            visit.leave();
        }

        assertThat(any.room(NOW)).as("others may be claimed").isPositive();
        assertThat(any.enter("a", "http://alive.example", NOW).obstacle()).isNull();
        assertThat(any.enter("b", "http://dead.example", NOW).obstacle()).isNotNull();
    }

    @Test
    void q6_runsNoMoreThanItsHostAllows() {
        var few = host(Map.of(HostResolver.SCHEMES, "acme", HostResolver.MAX_CONCURRENT, 2));
        var first = few.enter("a", "acme:", NOW);
        assertThat(few.room(NOW)).isPositive();
        few.enter("b", "acme:", NOW);
        assertThat(few.room(NOW)).isZero();
        first.leave();
        assertThat(few.room(NOW)).isPositive();
    }

    @Test
    void auth_oneDownloadTriesTheSessionAgainAndTheOthersWaitForIt() {
        var first = host.enter("a", ORIGIN, NOW);
        var second = host.enter("b", ORIGIN, NOW);

        assertThat(first.mayRefresh()).isTrue();
        assertThat(second.mayRefresh()).isFalse();
        assertThat(host.room(NOW)).isZero();

        first.leave();
        assertThat(host.room(NOW)).as("it went well").isPositive();
    }

    @Test
    void auth_aHeldHostWaitsUntilItIsReleasedOrItsServiceChanges() {
        host.hold("Wrong password.");
        assertThat(host.obstacle(NOW, null))
                .hasValueSatisfying(
                        obstacle -> {
                            assertThat(obstacle.phase()).isEqualTo(Phase.ACCOUNT_HELD);
                            assertThat(obstacle.note()).isEqualTo("Wrong password.");
                        });
        host.release();
        assertThat(host.obstacle(NOW, null)).isEmpty();

        host.hold("Wrong password.");
        host.add(service(Map.of(HostResolver.DOMAINS, "acme.example")));
        assertThat(host.obstacle(NOW, null)).isEmpty();
    }

    @Test
    void aHostThatWentIsWaitedForByName() {
        var service = service(Map.of(HostResolver.SCHEMES, "acme"));
        var away = new Host("acme", new Claims("", "", Set.of(), List.of()), NOW);
        away.add(service);

        assertThat(away.remove(service, NOW.plusSeconds(3))).isTrue();

        assertThat(away.room(NOW.plusSeconds(4))).isZero();
        assertThat(away.obstacle(NOW.plusSeconds(4), null))
                .hasValueSatisfying(
                        obstacle -> {
                            assertThat(obstacle.phase()).isEqualTo(Phase.WAITING_FOR_HOST);
                            assertThat(obstacle.note()).isEqualTo("waiting for host acme");
                            assertThat(obstacle.since()).isEqualTo(NOW.plusSeconds(3));
                        });
        assertThat(away.claims().schemes()).as("its links stay its own").containsExactly("acme");
    }

    private void fail(int times, ErrorClass errorClass) {
        for (var i = 0; i < times; i++) {
            var visit = host.enter("f" + i, ORIGIN, NOW);
            visit.failed(error(errorClass), NOW);
            visit.leave();
        }
    }

    private static DownloadException error(ErrorClass errorClass) {
        return new DownloadException(errorClass, "It is " + errorClass + ".");
    }

    private static Host host(Map<String, ?> properties) {
        var host = new Host("acme", new Claims("", "", Set.of(), List.of()), NOW);
        host.add(service(properties));
        return host;
    }

    private static HostService service(Map<String, ?> properties) {
        var all = new HashMap<String, Object>(properties);
        all.put(HostResolver.ID, "acme");
        return new HostService(all, "org.acme", "1.0.0", () -> null);
    }
}
