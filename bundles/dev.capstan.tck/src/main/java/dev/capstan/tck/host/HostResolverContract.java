package dev.capstan.tck.host;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.capstan.content.SourceKey;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.HostResolver;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Entry;
import dev.capstan.host.spi.Resolution.Found;
import dev.capstan.host.spi.Resolution.Listing;
import dev.capstan.host.spi.ResolveContext.Purpose;
import dev.capstan.net.spi.OutboundHttp;
import dev.capstan.tck.Sockets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The clauses R1 to R10 of {@link HostResolver}, to be inherited by the test of a host. The author
 * says which links are the host's and how the service it asks, a fake on this machine, is made to
 * refuse, to hang and to answer.
 *
 * <p>A new instance is made for each test, as JUnit does: begin a new resolver and a new service in
 * {@code @BeforeEach}, and end them in {@code @AfterEach}. All is over in seconds.
 */
@Timeout(120)
public abstract class HostResolverContract {
    /** What R4 and R5 allow is a second; a machine may be busy with other things. */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final int THREADS = 16;
    private static final int MOST_PAGES = 1_000;

    /** Makes a suite. */
    protected HostResolverContract() {}

    /**
     * The host under test.
     *
     * @return the same one within a test
     */
    protected abstract HostResolver resolver();

    /**
     * A link of a file that the service has, as a user might type it.
     *
     * @return a link
     */
    protected abstract String link();

    /**
     * Links that are not the host's, the more alike the better. What {@link #domains} says is tried
     * besides.
     *
     * @return at least one
     */
    protected abstract List<String> foreignLinks();

    /**
     * The values of {@link HostResolver#DOMAINS}.
     *
     * @return empty if the host has none
     */
    protected abstract Set<String> domains();

    /**
     * Makes the service answer every request for {@link #link} with a status from now on, without
     * anything that tells more.
     *
     * @param status such as 404
     */
    protected abstract void refuse(int status);

    /** Makes the service take requests and answer none from now on. */
    protected abstract void hang();

    /**
     * How many requests the service has got.
     *
     * @return a number that only grows
     */
    protected abstract int requests();

    /**
     * Whether the direct links the host gives stop working at some time (R10).
     *
     * @return whether they do
     */
    protected abstract boolean linksExpire();

    /**
     * How many of the requests cost quota (R7).
     *
     * @return a number that only grows; 0 for a service without quota
     */
    protected int costlyRequests() {
        return 0;
    }

    /**
     * A listing that the service has (R8), if the host knows any; one of several pages tells most.
     *
     * @return its link and the number of its entries
     */
    protected Optional<Sample> listing() {
        return Optional.empty();
    }

    /**
     * A listing (R8) that leads back to itself in whatever way the service's can: a page that
     * follows itself, a folder that is in itself.
     *
     * @return its link, and the number of entries that are left without the cycle
     */
    protected Optional<Sample> cyclicListing() {
        return Optional.empty();
    }

    /**
     * Secrets that the host under test was given, marked so that they cannot be in a text by chance
     * (R9).
     *
     * @return none if the host needs none
     */
    protected Set<String> secrets() {
        return Set.of();
    }

    /**
     * What the host's clients are made of.
     *
     * @return by default one that reaches this machine only
     */
    protected OutboundHttp http() {
        return new LoopbackHttp();
    }

    /**
     * The clock by which the host paces its calls.
     *
     * @return by default the machine's
     */
    protected InstantSource clock() {
        return InstantSource.system();
    }

    /**
     * A listing of the service.
     *
     * @param link its link
     * @param entries how many entries all its pages have
     */
    public record Sample(String link, int entries) {}

    /**
     * A call as the orchestrator makes it, of which a suite may make another.
     *
     * @param purpose why the host is asked
     * @return a call
     */
    protected ResolveCall call(Purpose purpose) {
        return ResolveCall.of(purpose, http(), clock());
    }

    @Test
    @DisplayName("R1: a link of its own is recognised, without any request")
    void ownLinkIsRecognised() throws Exception {
        assertTrue(recognised(link()).isPresent(), link());
    }

    @Test
    @DisplayName("R1: a foreign link is refused, without any request")
    void foreignLinkIsRefused() throws Exception {
        assertFalse(foreignLinks().isEmpty(), "name at least one foreign link");
        for (var link : foreignLinks()) {
            assertEquals(Optional.empty(), recognised(link), link);
        }
    }

    @Test
    @DisplayName("R1: host names are compared whole")
    void hostNamesAreComparedWhole() throws Exception {
        for (var domain : domains()) {
            for (var link : likeButForeign(domain)) {
                assertEquals(Optional.empty(), recognised(link), link);
            }
        }
    }

    private List<String> likeButForeign(String domain) {
        var own = recognisedOrFail();
        var rest = own.contains("://") ? own.replaceFirst("^[^:]*://[^/?#]*", "") : "/";
        return Stream.of(
                        "evil-" + domain,
                        "evil" + domain,
                        "evil." + domain,
                        domain + ".evil.test",
                        domain + "evil",
                        domain + "@evil.test",
                        "evil.test/" + domain,
                        "evil.test?" + domain,
                        "evil.test#" + domain,
                        "evil.test\\@" + domain)
                .filter(host -> !domains().contains(host))
                .map(host -> "https://" + host + rest)
                .toList();
    }

    @Test
    @DisplayName("R1: nothing that is no link makes it throw")
    void rubbishIsRefusedQuietly() {
        var own = link();
        var rubbish =
                List.of(
                        "",
                        " ",
                        ":",
                        "://",
                        "//",
                        "http:",
                        "http://",
                        "https://[",
                        "https://[::1",
                        "https://%",
                        "https://%zz/%",
                        "https://a:b:c/",
                        "\uD800",
                        "file:",
                        "#",
                        "?",
                        own + "%",
                        own + "%zz",
                        own + "\u202E",
                        own + "x".repeat(100_000),
                        "x".repeat(100_000),
                        own.substring(0, own.length() / 2),
                        own + own,
                        own.replace(":", ""),
                        own.replace("/", "\\"),
                        "https://" + own);
        assertAll(
                rubbish.stream().map(text -> () -> recognised(text).ifPresent(this::mustBeStable)));
    }

    @Test
    @DisplayName("R2: a canonical link is its own canonical link")
    void canonicalIsCanonical() {
        mustBeStable(recognisedOrFail());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R3: many threads at once get the same answer")
    void manyThreads(Purpose purpose) throws Exception {
        var canonical = recognisedOrFail();
        var expected = file(canonical, purpose).key();
        Callable<SourceKey> ask = () -> file(canonical, purpose).key();
        var threads = Executors.newFixedThreadPool(THREADS);
        try {
            var asked = new ArrayList<Callable<SourceKey>>();
            for (var i = 0; i < 2 * THREADS; i++) {
                asked.add(ask);
            }
            for (var answer : threads.invokeAll(asked)) {
                assertEquals(expected, answer.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("R4: it ends when interrupted, while the service hangs")
    void endsWhenInterrupted() throws Exception {
        var canonical = recognisedOrFail();
        hang();
        var before = requests();
        var answer = new FutureTask<>(() -> resolver().resolve(canonical, call(Purpose.START)));
        var thread = new Thread(answer, "tck-interrupted");
        thread.start();
        var asked = awaitRequest(before, answer);
        assumeTrue(asked, "It asks nobody for a file, so there is nothing to interrupt");

        thread.interrupt();

        var error =
                assertThrows(
                        ExecutionException.class,
                        () -> answer.get(SOON.toMillis(), TimeUnit.MILLISECONDS),
                        "resolve ends with InterruptedException");
        assertInstanceOf(InterruptedException.class, error.getCause());
    }

    @Test
    @DisplayName("R5: it ends with its deadline, while the service hangs")
    void endsWithItsDeadline() throws Exception {
        var canonical = recognisedOrFail();
        hang();
        var before = requests();
        var brief = call(Purpose.START).until(clock().instant().plusMillis(300));
        var answer = new FutureTask<>(() -> resolver().resolve(canonical, brief));
        var thread = new Thread(answer, "tck-deadline");
        thread.start();
        try {
            answer.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
            assertEquals(before, requests(), "It asked, got no answer, and gave one all the same");
        } catch (ExecutionException e) {
            assertInstanceOf(DownloadException.class, e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("It goes on after its deadline", e);
        } finally {
            thread.interrupt();
        }
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "401, AUTH",
        "403, ACCOUNT",
        "404, NOT_FOUND",
        "418, HOST",
        "429, RATE_LIMITED",
        "500, UNAVAILABLE",
        "502, UNAVAILABLE",
        "503, UNAVAILABLE",
        "504, UNAVAILABLE"
    })
    @DisplayName("R6: what the service answers is mapped to the fixed classes")
    void refusalsAreMapped(int status, ErrorClass expected) throws Exception {
        var canonical = recognisedOrFail();
        refuse(status);
        var before = requests();
        try {
            resolver().resolve(canonical, call(Purpose.START));
            assertEquals(before, requests(), "It was refused with " + status + " and went on");
        } catch (DownloadException e) {
            var isFinal = status == 401 && e.errorClass() == ErrorClass.ACCOUNT;
            assertTrue(isFinal || e.errorClass() == expected, () -> status + ": " + e);
            mustBeClean(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PREVIEW", "EXPAND"})
    @DisplayName("R7: a look costs no quota")
    void aLookCostsNothing(Purpose purpose) throws Exception {
        var canonical = recognisedOrFail();
        var before = costlyRequests();

        resolver().resolve(canonical, call(purpose));

        assertEquals(before, costlyRequests());
    }

    @Test
    @DisplayName("R8: a listing is in order, and its cursors mean the same to another call")
    void listingIsInOrder() throws Exception {
        var sample = sample(listing());

        var entries = walk(sample.link());

        assertEquals(sample.entries(), entries.size());
        assertEquals(links(entries), links(walk(sample.link())));
        mustBeClean(entries.toString());
    }

    @Test
    @DisplayName("R8: a listing is lazy: a page costs requests when it is asked for")
    void listingIsLazy() throws Exception {
        var link = canonical(sample(listing()).link());
        var start = requests();
        var first = pages(link).page(null);
        var forOnePage = requests() - start;

        var cursor = first.next();
        assumeTrue(cursor != null, "The listing has one page only");
        var more = requests();
        for (var i = 0; cursor != null && i < MOST_PAGES; i++) {
            cursor = pages(link).page(cursor).next();
        }

        assertTrue(forOnePage > 0, "The first page came from nowhere");
        assertTrue(requests() > more, "The first page brought all of the listing");
    }

    @Test
    @DisplayName("R8: a listing that leads back to itself ends")
    void cyclesEnd() throws Exception {
        var sample = sample(cyclicListing());

        var entries = walk(sample.link());

        assertEquals(sample.entries(), entries.size());
        assertEquals(links(entries).size(), new HashSet<>(links(entries)).size(), "no link twice");
        assertFalse(links(entries).contains(canonical(sample.link())), "it is not in itself");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("R9: nothing that is told of a file contains a secret")
    void noSecretIsTold(Purpose purpose) throws Exception {
        var file = file(recognisedOrFail(), purpose);
        mustBeClean(file.key() + " " + file.name() + " " + file.folder() + " " + file.metadata());
        mustBeClean(file.links().toString());
    }

    @Test
    @DisplayName("R10: direct links that stop working say so")
    void expiringLinksAreMarked() throws Exception {
        var file = file(recognisedOrFail(), Purpose.START);
        assertFalse(file.links().isEmpty(), "a file to start has a direct link");
        assertEquals(linksExpire(), file.linksExpire());
    }

    private Optional<String> recognised(String link) throws Exception {
        var before = requests();
        var canonical = new ArrayList<Optional<String>>();
        var opened = Sockets.openedBy(() -> canonical.add(resolver().recognise(link)));
        assertEquals(List.of(), opened, "connections made for " + link);
        assertEquals(before, requests(), "requests made for " + link);
        return canonical.get(0);
    }

    private String recognisedOrFail() {
        return canonical(link());
    }

    private String canonical(String link) {
        return resolver()
                .recognise(link)
                .orElseThrow(() -> new AssertionError("It does not recognise its own " + link));
    }

    private void mustBeStable(String canonical) {
        assertEquals(Optional.of(canonical), resolver().recognise(canonical));
    }

    private RemoteFile file(String canonical, Purpose purpose) throws Exception {
        var resolution = resolver().resolve(canonical, call(purpose).given(link()));
        return assertInstanceOf(Found.class, resolution, "what is behind " + canonical).file();
    }

    private Resolution.Pages pages(String canonical) throws Exception {
        var resolution = resolver().resolve(canonical, call(Purpose.EXPAND));
        return assertInstanceOf(Listing.class, resolution, "what is behind " + canonical).pages();
    }

    /** Each page by a call of its own, as after a restart. */
    private List<Entry> walk(String link) throws Exception {
        var canonical = canonical(link);
        var entries = new ArrayList<Entry>();
        @Nullable String cursor = null;
        var pages = 0;
        do {
            assertTrue(++pages <= MOST_PAGES, "A listing without end: " + link);
            var page = pages(canonical).page(cursor);
            entries.addAll(page.entries());
            cursor = page.next();
        } while (cursor != null);
        return entries;
    }

    private static List<String> links(List<Entry> entries) {
        return entries.stream().map(Entry::link).toList();
    }

    private static Sample sample(Optional<Sample> sample) {
        assumeTrue(sample.isPresent(), "The host's test names no such listing");
        return sample.get();
    }

    private boolean awaitRequest(int before, FutureTask<?> answer) throws InterruptedException {
        var end = System.nanoTime() + SOON.toNanos();
        while (requests() == before && !answer.isDone()) {
            assertTrue(System.nanoTime() < end, "It neither asks nor ends");
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return requests() > before;
    }

    private void mustBeClean(Throwable error) {
        for (@Nullable Throwable e = error; e != null; e = e.getCause()) {
            mustBeClean(e.toString());
        }
    }

    private void mustBeClean(String text) {
        for (var secret : secrets()) {
            assertFalse(text.contains(secret), () -> "A secret is in: " + text);
        }
    }
}
