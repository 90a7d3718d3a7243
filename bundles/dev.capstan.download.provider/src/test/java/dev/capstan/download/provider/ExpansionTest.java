package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Added.Outcome;
import dev.capstan.download.Command;
import dev.capstan.download.Download;
import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadOptions;
import dev.capstan.download.DownloadQuery;
import dev.capstan.download.DownloadState;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Phase;
import dev.capstan.download.Trust;
import dev.capstan.host.spi.RemoteFile;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Links that list other links. */
class ExpansionTest extends HouseTest {

    @Test
    void aListingBecomesABatchOfItsFiles() {
        serve("one", "two", "three");
        house.host.on(
                "acme://album",
                (link, context) ->
                        ScriptedHost.listing(
                                "An/Album", "acme://one", "acme://two", "acme://three"));

        var listing = house.awaitCompleted(house.add("acme://album"));

        assertThat(listing.kind()).isEqualTo(Download.Kind.LISTING);
        assertThat(listing.status().note()).isEqualTo("3 files");
        assertThat(listing.batch().name()).isEqualTo("Album");
        var members = members(listing);
        members.forEach(member -> house.awaitCompleted(member.id()));
        assertThat(members(listing))
                .extracting(Download::displayName)
                .containsExactly("one", "two", "three");
        assertThat(members(listing)).allSatisfy(member -> assertThat(member.metadata()).isEmpty());
        assertThat(house.downloads.batch(listing.batch().id()).orElseThrow().state())
                .isEqualTo(DownloadState.COMPLETED);
    }

    @Test
    void membersInheritWhatTheListingWasAskedWith() {
        house.configure(1);
        serve("one");
        house.host.on(
                "acme://album",
                (link, context) ->
                        new Resolution.Listing(
                                "Album",
                                cursor ->
                                        new Resolution.Page(
                                                List.of(
                                                        new Entry(
                                                                "acme://one",
                                                                "1. One.mp3",
                                                                1_000L,
                                                                "CD 1",
                                                                Map.of("artist", "Somebody"))),
                                                null)));
        var options = new DownloadOptions(3, 4_000, 2, Duration.ofSeconds(7), false);

        var id =
                House.idOf(
                        house.add(
                                House.request("acme://album")
                                        .category("music")
                                        .priority(5)
                                        .options(options)));
        var member = members(house.awaitCompleted(id)).get(0);

        assertThat(member.options()).isEqualTo(options);
        assertThat(member.priority()).isEqualTo(5);
        assertThat(member.metadata()).containsEntry("artist", "Somebody");
        var done = house.awaitCompleted(member.id());
        assertThat(done.target().placed()).isEqualTo(data.resolve("downloads/music/CD 1/one"));
    }

    @Test
    void anEmptyListingSaysSo() {
        house.host.on("acme://empty", (link, context) -> ScriptedHost.listing("Nothing"));

        var done = house.awaitCompleted(house.add("acme://empty"));

        assertThat(done.status().note()).isEqualTo("the listing is empty");
    }

    @Test
    void whatAHostHasToSayOfItsListingIsShown() {
        serve("one");
        house.host.on(
                "acme://part",
                (link, context) ->
                        new Resolution.Listing(
                                "Part",
                                cursor ->
                                        cursor == null
                                                ? new Resolution.Page(
                                                        List.of(Entry.of("acme://one")),
                                                        "more",
                                                        "only some of it")
                                                : new Resolution.Page(List.of(), null)));
        house.host.on(
                "acme://empty",
                (link, context) ->
                        new Resolution.Listing(
                                "Empty",
                                cursor -> new Resolution.Page(List.of(), null, "folder is empty")));

        var part = house.awaitCompleted(house.add("acme://part"));
        var empty = house.awaitCompleted(house.add("acme://empty"));

        assertThat(part.status().note()).isEqualTo("1 file; only some of it");
        assertThat(empty.status().note()).isEqualTo("folder is empty");
    }

    @Test
    void aHostIsToldTheLinkAsItWasGivenTheNameAndTheDepth() {
        serve("inner");
        var told = new ConcurrentHashMap<String, String>();
        house.host.on(
                "acme://outer",
                (link, context) ->
                        new Resolution.Listing(
                                "Outer",
                                cursor ->
                                        new Resolution.Page(
                                                List.of(
                                                        new Entry(
                                                                "acme://www.inner",
                                                                "Inner.bin",
                                                                1_000L,
                                                                null,
                                                                Map.of())),
                                                null)));
        house.host.on(
                "acme://inner",
                (link, context) -> {
                    told.put("given", context.givenLink().orElse(""));
                    told.put("name", context.knownName().orElse(""));
                    told.put("depth", "" + context.depth());
                    return ScriptedHost.found(link);
                });

        var listing = house.awaitCompleted(house.add("acme://outer"));
        house.awaitCompleted(members(listing).get(0).id());

        assertThat(told)
                .containsEntry("given", "acme://www.inner")
                .containsEntry("name", "Inner.bin")
                .containsEntry("depth", "1");
    }

    @Test
    void aFileWithoutADirectLinkIsTheHostsFault() {
        house.host.on(
                "acme://bare",
                (link, context) ->
                        new Resolution.Found(RemoteFile.unlinked(new SourceKey("acme", "bare"))));

        var id = house.add("acme://bare");
        Await.until(() -> house.downloads.get(id).orElseThrow().status().error() != null);

        var error = house.downloads.get(id).orElseThrow().status().error();
        assertThat(error.errorClass()).isEqualTo(ErrorClass.HOST);
        assertThat(error.message()).contains("without a direct link");
    }

    @Test
    void entriesThatNoHostTakesAreCountedAndDoNoHarm() {
        serve("one");
        house.host.on(
                "acme://album",
                (link, context) ->
                        ScriptedHost.listing(
                                "Album",
                                "ftp://elsewhere/x",
                                "acme://one",
                                "no link",
                                "file:///etc/passwd",
                                "acme://foreign"));

        var listing = house.awaitCompleted(house.add("acme://album"));

        assertThat(listing.status().note()).isEqualTo("1 file; 4 links were refused");
    }

    @Test
    void s1_whatAnotherOriginListsIsTrustedAsTheNetwork() {
        house.configure(1);
        house.host.on(
                "acme://side/album",
                (link, context) ->
                        ScriptedHost.listing("Album", "acme://side/one", "acme://other/two"));

        var listing = house.awaitCompleted(house.add("acme://side/album"));

        assertThat(members(listing))
                .extracting(member -> member.source().link() + " " + member.source().trust())
                .containsExactlyInAnyOrder(
                        "acme://side/one " + Trust.OPERATOR, "acme://other/two " + Trust.NETWORK);
    }

    @Test
    void aLongListingIsFilledInPagesAndGoesOnAfterARestartWhereItWas() {
        var asked = new ArrayList<String>();
        var going = new CountDownLatch(1);
        house.host.on(
                "acme://long",
                (link, context) ->
                        new Resolution.Listing(
                                "Long",
                                cursor -> {
                                    var page = cursor == null ? 0 : Integer.parseInt(cursor);
                                    synchronized (asked) {
                                        asked.add(String.valueOf(cursor));
                                    }
                                    if (page == 3) {
                                        going.await();
                                    }
                                    return page(page, 700, page == 5 ? null : "" + (page + 1));
                                }));
        var id = house.add("acme://long");
        Await.until(() -> house.all().size() > 1 && asked(asked).contains("3"));
        assertThat(house.get(id).status().phase()).isEqualTo(Phase.EXPANDING);
        assertThat(house.get(id).state()).isEqualTo(DownloadState.STARTING);

        house.stop();
        going.countDown();
        house.start();

        var listing = house.awaitCompleted(id);
        assertThat(asked(asked)).containsExactly("null", "1", "2", "3", "3", "4", "5");
        assertThat(listing.status().note()).isEqualTo("4200 files");
        assertThat(house.store.list(DownloadQuery.ALL.withBatch(listing.batch().id())).total())
                .isEqualTo(4_201);
    }

    @Test
    void q3_aListingIsPausedBetweenItsPagesAndGoesOn() {
        var going = new CountDownLatch(1);
        house.host.on(
                "acme://long",
                (link, context) ->
                        new Resolution.Listing(
                                "Long",
                                cursor -> {
                                    if (cursor != null) {
                                        going.await();
                                    }
                                    return page(
                                            cursor == null ? 0 : 1, 3, cursor == null ? "x" : null);
                                }));
        var id = house.add("acme://long");
        Await.until(() -> house.all().size() == 4);

        assertThat(house.command(id, Command.PAUSE).state()).isEqualTo(DownloadState.PAUSED);
        going.countDown();
        house.command(id, Command.RESUME);

        assertThat(house.awaitCompleted(id).status().note()).isEqualTo("6 files");
    }

    @Test
    void nestedListingsJoinTheBatchAndACycleEnds() {
        serve("one", "two");
        house.host.on(
                "acme://outer",
                (link, context) ->
                        ScriptedHost.listing(
                                "Outer", "acme://one", "acme://inner", "acme://outer"));
        house.host.on(
                "acme://inner",
                (link, context) ->
                        ScriptedHost.listing(
                                "Inner", "acme://two", "acme://outer", "acme://inner"));

        var outer = house.awaitCompleted(house.add("acme://outer"));
        Await.until(
                () ->
                        house.all().stream()
                                .allMatch(each -> each.state() == DownloadState.COMPLETED));

        assertThat(house.all())
                .extracting(each -> each.source().link())
                .containsExactlyInAnyOrder(
                        "acme://outer", "acme://inner", "acme://one", "acme://two");
        assertThat(house.all()).extracting(Download::batch).containsOnly(outer.batch());
        assertThat(house.all())
                .extracting(each -> each.target().name())
                .as("each listing has its own name")
                .contains("Outer", "Inner");
        assertThat(house.host.calls("acme://outer")).isEqualTo(1);
        assertThat(house.host.calls("acme://inner")).isEqualTo(1);
    }

    @Test
    void listingsThatLieTooDeepAreLeftOut() {
        for (var depth = 0; depth < 10; depth++) {
            var next = "acme://deep" + (depth + 1);
            house.host.on(
                    "acme://deep" + depth, (link, context) -> ScriptedHost.listing("Deep", next));
        }
        house.add("acme://deep0");

        Await.until(
                () -> house.all().stream().anyMatch(one -> one.state() == DownloadState.FAILED));
        var failed =
                house.all().stream().filter(one -> one.state() == DownloadState.FAILED).toList();
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).source().link()).isEqualTo("acme://deep6");
        assertThat(failed.get(0).status().error().errorClass()).isEqualTo(ErrorClass.BLOCKED);
        assertThat(house.host.calls("acme://deep7")).isZero();
    }

    @Test
    void s8_aListingWithoutEndStopsAtTheLimit() {
        house.configure(new Settings(1, data.resolve("downloads"), 5, 25, Duration.ofSeconds(60)));
        var pages = new AtomicInteger();
        house.host.on(
                "acme://endless",
                (link, context) ->
                        new Resolution.Listing(
                                "Endless",
                                cursor -> {
                                    var page = pages.getAndIncrement();
                                    return page(page, 10, "" + page);
                                }));

        var listing = house.awaitCompleted(house.add("acme://endless"));

        assertThat(members(listing)).hasSize(25);
        assertThat(listing.status().note()).startsWith("25 files, and no more");
        assertThat(pages).hasValue(3);
    }

    @Test
    void s8_pagesThatGoInACircleOrStayEmptyEnd() {
        house.host.on(
                "acme://circle",
                (link, context) ->
                        new Resolution.Listing(
                                "Circle", cursor -> page(cursor == null ? 0 : 1, 2, "again")));
        assertThat(house.awaitCompleted(house.add("acme://circle")).status().note())
                .isEqualTo("4 files");

        var pages = new AtomicInteger();
        house.host.on(
                "acme://void",
                (link, context) ->
                        new Resolution.Listing(
                                "Void", cursor -> page(0, 0, "" + pages.incrementAndGet())));
        var id = house.add("acme://void");
        Await.until(() -> house.get(id).status().retryCount() == 1);
        assertThat(house.get(id).status().error().errorClass()).isEqualTo(ErrorClass.HOST);
    }

    @Test
    void s8_aListingThatTellsTheSameForEverIsGivenUp() {
        var pages = new AtomicInteger();
        house.host.on(
                "acme://again",
                (link, context) ->
                        new Resolution.Listing(
                                "Again", cursor -> page(0, 3, "" + pages.incrementAndGet())));

        var id = house.add("acme://again");

        Await.until(() -> house.get(id).status().retryCount() == 1);
        var error = house.get(id).status().error();
        assertThat(error.errorClass()).isEqualTo(ErrorClass.HOST);
        assertThat(error.message()).contains("nothing new");
        assertThat(pages.get()).isBetween(100, 110);
        assertThat(members(house.get(id))).hasSize(3);
    }

    @Test
    void s8_aPageOfRubbishIsTheHostsFault() {
        var rubbish = new ArrayList<Entry>();
        rubbish.add(Entry.of("acme://one"));
        rubbish.add(null);
        house.host.on(
                "acme://rubbish",
                (link, context) ->
                        new Resolution.Listing(
                                "Rubbish", cursor -> new Resolution.Page(rubbish, null)));
        house.host.on(
                "acme://linkless",
                (link, context) ->
                        new Resolution.Listing(
                                "Linkless",
                                cursor -> new Resolution.Page(List.of(Entry.of(null)), null)));
        for (var link : List.of("acme://rubbish", "acme://linkless")) {
            var id = house.add(link);
            Await.until(() -> house.get(id).status().retryCount() == 1);
            assertThat(house.get(id).status().error().errorClass()).isEqualTo(ErrorClass.HOST);
        }
    }

    @Test
    void q9_aListingAddedAgainIsExpandedAgainAndFindsWhatIsNew() {
        serve("one", "two");
        house.host.on(
                "acme://album", (link, context) -> ScriptedHost.listing("Album", "acme://one"));
        var id = house.add("acme://album");
        var first = house.awaitCompleted(id);
        members(first).forEach(member -> house.awaitCompleted(member.id()));
        house.host.on(
                "acme://album",
                (link, context) -> ScriptedHost.listing("Album", "acme://one", "acme://two"));

        assertThat(house.add(House.request("acme://album")).outcome()).isEqualTo(Outcome.REVIVED);

        Await.until(() -> house.all().size() == 3);
        Await.until(
                () ->
                        house.all().stream()
                                .allMatch(each -> each.state() == DownloadState.COMPLETED));
        assertThat(house.get(id).batch()).isEqualTo(first.batch());
        assertThat(members(house.get(id))).hasSize(2);
        assertThat(house.engine.served()).isEqualTo(2_000);
    }

    @Test
    void whatBrokeOffIsRetriedFromThePageItReached() {
        var broken = new AtomicInteger();
        var asked = new ArrayList<String>();
        house.host.on(
                "acme://album",
                (link, context) ->
                        new Resolution.Listing(
                                "Album",
                                cursor -> {
                                    synchronized (asked) {
                                        asked.add(String.valueOf(cursor));
                                    }
                                    if (cursor != null && broken.incrementAndGet() == 1) {
                                        throw new DownloadException(
                                                ErrorClass.NOT_FOUND, "The page is gone.");
                                    }
                                    return page(
                                            cursor == null ? 0 : 1, 2, cursor == null ? "b" : null);
                                }));
        var id = house.add("acme://album");
        house.await(id, DownloadState.FAILED);

        house.command(id, Command.RETRY);

        assertThat(house.awaitCompleted(id).status().note()).isEqualTo("4 files");
        assertThat(asked(asked)).containsExactly("null", "b", "b");
    }

    private void serve(String... names) {
        for (var name : names) {
            house.engine.serve(name, House.body(name, 1_000));
        }
    }

    private static Resolution.Page page(int number, int size, String next) {
        return new Resolution.Page(
                IntStream.range(0, size)
                        .mapToObj(i -> Entry.of("acme://p" + number + "/" + i))
                        .toList(),
                next);
    }

    private static List<String> asked(List<String> cursors) {
        synchronized (cursors) {
            return List.copyOf(cursors);
        }
    }

    private List<Download> members(Download listing) {
        return house
                .downloads
                .list(
                        DownloadQuery.ALL
                                .withBatch(listing.batch().id())
                                .withLimit(DownloadQuery.MAX_LIMIT))
                .items()
                .stream()
                .filter(row -> !row.id().equals(listing.id()))
                .toList();
    }
}
