package dev.capstan.download.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadException;
import dev.capstan.download.DownloadRequest;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Preview;
import dev.capstan.download.RefusedException;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Entry;
import dev.capstan.host.spi.ResolveContext.Purpose;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Links that are looked at before they are added. */
class PreviewTest extends HouseTest {

    private List<Preview> preview(String... links) {
        var requests = Arrays.stream(links).map(House::request).toList();
        return House.get(house.downloads.preview(requests));
    }

    private static Entry entry(String link, String name, long size) {
        return new Entry(link, name, size, null, Map.of());
    }

    private static Entry folder(String link, String name) {
        return new Entry(link, name, null, name, Map.of());
    }

    private static Resolution listing(String name, Entry... entries) {
        return new Resolution.Listing(name, cursor -> new Resolution.Page(List.of(entries), null));
    }

    @Test
    void R7_aLookIsOnlyALook() {
        var purposes = ConcurrentHashMap.<Purpose>newKeySet();
        house.host.on(
                "acme://one",
                (link, context) -> {
                    purposes.add(context.purpose());
                    var file = ScriptedHost.file("acme://one");
                    file.name("../o/ne\u202e.bin").size(42);
                    return new Resolution.Found(file);
                });

        var seen = preview("acme://one").get(0);

        assertThat(purposes).containsExactly(Purpose.PREVIEW);
        assertThat(seen.name()).isEqualTo("ne.bin");
        assertThat(seen.size()).isEqualTo(42);
        assertThat(seen.host()).isEqualTo("acme");
        assertThat(seen.problem()).isNull();
        assertThat(house.all()).isEmpty();
    }

    @Test
    void S8_whatOneLinkDoesHarmsNoOther() {
        house.host
                .on("acme://later", (l, c) -> new Resolution.Later(Duration.ofHours(1), "at noon"))
                .on(
                        "acme://gone",
                        (l, c) -> {
                            throw new DownloadException(ErrorClass.NOT_FOUND, "It is gone");
                        })
                .on(
                        "acme://mad",
                        (l, c) -> {
                            throw new NoClassDefFoundError("Mad");
                        });

        var seen =
                preview(
                        "acme://later",
                        "acme://gone",
                        "acme://mad",
                        "no link",
                        "acme://foreign",
                        "acme://fine");

        assertThat(seen)
                .extracting(each -> each.problem() == null ? null : each.problem().code())
                .containsExactly("LATER", "NOT_FOUND", "HOST", "INVALID", "UNSUPPORTED", null);
        assertThat(seen.get(0).problem().message()).isEqualTo("at noon");
    }

    @Test
    void S8_aHostThatHangsIsNotWaitedForBeyondItsTime() {
        var never = new CountDownLatch(1);
        house.configure(
                new Settings(1, house.settings.directory(), 5, 10_000, Duration.ofMillis(200)));
        house.host.on(
                "acme://hangs",
                (link, context) -> {
                    never.await();
                    throw new AssertionError();
                });

        var seen = preview("acme://hangs", "acme://fine");

        assertThat(seen.get(0).problem().code()).isEqualTo("HOST");
        assertThat(seen.get(1).problem()).isNull();
    }

    @Test
    void aListingIsShownWithTheListingsInIt() {
        house.host
                .on(
                        "acme://top",
                        (l, c) ->
                                listing(
                                        "Top/Level",
                                        folder("acme://disc", "Disc 1"),
                                        entry("acme://a", "a.bin", 1)))
                .on(
                        "acme://disc",
                        (l, c) ->
                                listing(
                                        "ignored",
                                        entry("acme://b", "b.bin", 2),
                                        folder("acme://inner", "../up"),
                                        folder("acme://top", "again"),
                                        folder("acme://bad", "bad")))
                .on("acme://inner", (l, c) -> listing("x", entry("acme://c", "c.bin", 3)))
                .on(
                        "acme://bad",
                        (l, c) -> {
                            throw new DownloadException(ErrorClass.NETWORK, "Not there");
                        });

        var top = preview("acme://top").get(0);

        assertThat(top.name()).isEqualTo("Level");
        assertThat(top.listing().total()).isEqualTo(3);
        assertThat(top.listing().isWhole()).as("one of them could not be read").isFalse();
        assertThat(top.listing().files())
                .extracting(file -> file.folder() + ": " + file.name())
                .containsExactly("null: a.bin", "Disc 1: b.bin", "Disc 1: c.bin");
    }

    @Test
    void ofALongListingTheFirstThousandAreShownAndAllAreCounted() {
        house.host.on(
                "acme://long",
                (link, context) ->
                        new Resolution.Listing(
                                "Long",
                                cursor -> {
                                    var page = cursor == null ? 0 : Integer.parseInt(cursor);
                                    var entries =
                                            IntStream.range(page * 400, page * 400 + 400)
                                                    .mapToObj(
                                                            i -> entry("acme://f" + i, "f" + i, i))
                                                    .toList();
                                    var next = page == 5 ? null : "" + (page + 1);
                                    return new Resolution.Page(entries, next);
                                }));

        var listing = preview("acme://long").get(0).listing();

        assertThat(listing.files()).hasSize(1_000);
        assertThat(listing.files().get(999).name()).isEqualTo("f999");
        assertThat(listing.total()).isEqualTo(2_400);
        assertThat(listing.isWhole()).isTrue();
    }

    @Test
    void whatIsHereOrOnItsWayIsTold() {
        house.engine.serve("here", new byte[10]);
        var here = house.add("acme://www.here");
        house.awaitCompleted(here);
        house.host.on(
                "acme://album",
                (l, c) ->
                        listing("Album", entry("acme://here", "x", 1), entry("acme://n", "n", 1)));

        assertThat(preview("acme://here").get(0).existing()).isEqualTo(here);
        assertThat(preview("acme://album").get(0).listing().files())
                .extracting(Preview.File::existing)
                .containsExactly(here, null);
    }

    @Test
    void whileDownloadsStopNothingIsLookedAt() {
        house.stop();

        var refusal =
                house.refusal(house.downloads.preview(List.of(DownloadRequest.of("acme://a"))));

        assertThat(refusal.reason()).isEqualTo(RefusedException.Reason.UNAVAILABLE);
        house.start();
    }

    @Test
    void aBatchIsRemovedWithAllItsMembers() {
        house.engine.serve("one", new byte[10]);
        house.engine.serve("two", new byte[10]);
        house.host.on(
                "acme://album", (l, c) -> ScriptedHost.listing("A", "acme://one", "acme://two"));
        var batch = house.awaitCompleted(house.add("acme://album")).batch().id();
        house.all().forEach(download -> house.awaitCompleted(download.id()));

        var removed = House.get(house.downloads.removeBatch(batch, true));

        assertThat(removed).hasSize(3);
        assertThat(house.all()).isEmpty();
        assertThat(removed)
                .filteredOn(download -> download.target().placed() != null)
                .hasSize(2)
                .allSatisfy(download -> assertThat(download.target().placed()).doesNotExist());
        assertThat(house.refusal(house.downloads.removeBatch(batch, false)).reason())
                .isEqualTo(RefusedException.Reason.NOT_FOUND);
    }
}
