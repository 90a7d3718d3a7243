package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.capstan.download.RefusedException;
import dev.capstan.download.RefusedException.Reason;
import dev.capstan.host.HostInfo;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.name.Ulid;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRegistryTest {
    @TempDir private Path folder;

    private final ManualClock clock = new ManualClock();
    private final Set<String> installed = new HashSet<>(Set.of("b.direct", "b.acme"));
    private final HostService direct =
            service("direct", Map.of(HostResolver.SCHEMES, new String[] {"http", "https", "file"}));
    private final HostService acme =
            service(
                    "acme",
                    Map.of(
                            HostResolver.DOMAINS,
                            new String[] {"acme.example", "WWW.acme.example."},
                            HostResolver.SCHEMES,
                            "acme"));

    @ParameterizedTest
    @CsvSource({
        "https://acme.example/f/1, acme",
        "http://www.ACME.example./f/1, acme",
        "https://me@acme.example:8443/f/1, acme",
        "acme://1, acme",
        "https://acme.example.evil.org/f/1, direct",
        "https://notacme.example/f/1, direct",
        "https://acme.example@evil.org/f/1, direct",
        "https://evil.org/?acme.example, direct",
        "file:///tmp/x, direct"
    })
    void aLinkBelongsToTheHostThatClaimsItsWholeName(String link, String host) throws Exception {
        assertThat(registry().choose(Link.parse(link)).id()).isEqualTo(host);
    }

    @Test
    void aSchemeNobodyClaimsIsRefusedBySentence() {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> registry().choose(Link.parse("ftp://host/x")))
                .withMessage("No host takes ftp: links.")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    }

    @Test
    void aDomainStaysItsHostsOwnWhileThatIsAwayAndAfterARestart() throws Exception {
        var state = state();
        var registry = registry(state);
        registry.remove(acme);
        assertThat(registry.choose(Link.parse("https://acme.example/1")).id()).isEqualTo("acme");

        state.flush();
        var restarted = new HostRegistry(state(), installed::contains, events(), clock);
        restarted.add(direct);
        assertThat(restarted.choose(Link.parse("https://acme.example/1")).id()).isEqualTo("acme");
        assertThat(restarted.choose(Link.parse("https://other.example/1")).id())
                .isEqualTo("direct");
    }

    @Test
    void aLinkOfAHostWhoseBundleIsNotInstalledIsRefusedByItsName() {
        var registry = registry();
        registry.remove(acme);
        installed.remove("b.acme");

        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> registry.choose(Link.parse("https://acme.example/1")))
                .withMessageContaining("b.acme")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.HOST_MISSING));
    }

    @Test
    void listsHostsThatArePresentAndThoseThatAreWaitedFor() {
        var registry = registry();
        registry.remove(acme);

        assertThat(registry.list(Set.of(), noAccounts()))
                .extracting(HostInfo::id)
                .containsExactly("direct");
        assertThat(registry.list(Set.of("acme"), noAccounts()))
                .extracting(HostInfo::id, HostInfo::present)
                .containsExactly(tuple("acme", false), tuple("direct", true));
    }

    @Test
    void q8_theOwnerIsTheSameOverRestarts() {
        assertThat(state().owner()).isEqualTo(state().owner()).hasSize(26);
    }

    private LocalState state() {
        return new LocalState(folder.resolve("state.properties"), new Ulid(clock));
    }

    private HostRegistry registry() {
        return registry(state());
    }

    private HostRegistry registry(LocalState state) {
        var registry = new HostRegistry(state, installed::contains, events(), clock);
        registry.add(direct);
        registry.add(acme);
        return registry;
    }

    private static Events events() {
        return new Events(new RecordedEvents(), Map::of);
    }

    private static HostAccounts noAccounts() {
        return new HostAccounts(host -> {});
    }

    private static HostService service(String id, Map<String, ?> properties) {
        var all = new HashMap<String, Object>(properties);
        all.put(HostResolver.ID, id);
        return new HostService(all, "b." + id, "1.0.0", () -> null);
    }
}
