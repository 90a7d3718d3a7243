package dev.capstan.host.fshare;

import static dev.capstan.host.fshare.fake.Endpoint.DOWNLOAD;
import static dev.capstan.host.fshare.fake.Endpoint.FOLDER_LIST;
import static dev.capstan.host.fshare.fake.Endpoint.LISTING;
import static dev.capstan.host.fshare.fake.Endpoint.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.fshare.fake.Answer;
import dev.capstan.host.spi.Resolution.Entry;
import dev.capstan.host.spi.Resolution.Listing;
import dev.capstan.host.spi.Resolution.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders, page by page. */
class FolderTest {
    private final Bench bench = new Bench(TestSettings::withoutAccount);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    @DisplayName(
            "F12, F14: 130 files in pages of 50 are 130 entries in order, fetched when asked for")
    void manyFilesComeInOrder() throws Exception {
        fill("F1", 130);
        bench.fake.folder("F1").named("Season 1");

        var listing = open("F1");
        assertThat(listing.name()).isEqualTo("Season 1");
        assertThat(bench.fake.calls()).as("one page only so far").hasSize(1);
        var entries = walk(listing);

        assertThat(entries).extracting(Entry::link).containsExactlyElementsOf(links(130));
        assertThat(entries.get(0).name()).isEqualTo("C1000.bin");
        assertThat(entries.get(0).size()).isEqualTo(100_000);
        assertThat(bench.fake.calls(LISTING)).hasSize(3);
        assertThat(bench.fake.calls(LISTING).get(1).query())
                .containsEntry("linkcode", "F1")
                .containsEntry("sort", "type,name")
                .containsEntry("page", "2")
                .containsEntry("per-page", "50");
        assertThat(bench.fake.calls(DOWNLOAD)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void numbersMayBeTexts(boolean asText) throws Exception {
        bench.fake.numbersAsText(LISTING, asText);
        bench.fake.folder("F1").add(bench.fake.folder("F2"), bench.fake.file("ABC123").size(77));

        var entries = walk(open("F1"));

        assertThat(entries)
                .extracting(Entry::link)
                .containsExactly(Bench.FOLDER + "F2", Bench.FILE + "ABC123");
        assertThat(entries.get(1).size()).isEqualTo(77);
    }

    @ParameterizedTest
    @ValueSource(strings = {"401", "403", "html", "truncated", "half"})
    @DisplayName(
            "F12: where the listing gives nothing, the account lists from the start, once each")
    void theAccountListsWhereTheListingDoesNot(String how) throws Exception {
        bench.configure(any -> any);
        fill("F1", 130);
        if (how.equals("half")) {
            bench.fake.fault(LISTING, Answer.refusal(403, "no more")).after(1);
            bench.fake.missingPastTheEnd();
        } else {
            bench.fake.fault(LISTING, refusal(how));
        }

        var entries = walk(open("F1"));

        assertThat(entries).extracting(Entry::link).containsExactlyElementsOf(links(130));
        var calls = bench.fake.calls(FOLDER_LIST);
        assertThat(calls).hasSize(4);
        assertThat(calls.get(0).json().getInt("pageIndex")).isZero();
        assertThat(calls.get(0).json().getInt("limit")).isEqualTo(60);
        assertThat(bench.fake.calls(LOGIN)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"404", "html 404", "empty"})
    @DisplayName("F12: a page that is empty or missing is the end, whatever was said to follow")
    void aMissingPageIsTheEnd(String how) throws Exception {
        fill("F1", 130);
        var end =
                switch (how) {
                    case "404" -> Answer.refusal(404, "no such page");
                    case "empty" ->
                            Answer.json(200, "{\"items\":[],\"_links\":{\"next\":\"/x?page=9\"}}");
                    default -> Answer.html(404, "Not Found");
                };
        bench.fake.fault(LISTING, end).after(1);

        assertThat(walk(open("F1"))).extracting(Entry::link).isEqualTo(links(50));
        assertThat(bench.fake.calls()).hasSize(2);
    }

    @Test
    void withoutAnAccountAListingThatIsRefusedSaysWhatToDo() {
        fill("F1", 1);
        bench.fake.fault(LISTING, Answer.refusal(403, "no"));

        var error = bench.error(Bench.FOLDER + "F1", bench.context());

        assertThat(error.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(error).hasMessageContaining("configure");
    }

    @Test
    @DisplayName("F13: a code that is listed twice is one entry, and a folder not its own")
    void aCodeIsListedOnce() throws Exception {
        var folder = bench.fake.folder("F1");
        folder.add(bench.fake.file("ABC123"), bench.fake.file("ABC123"), folder);

        assertThat(walk(open("F1"))).extracting(Entry::link).containsExactly(Bench.FILE + "ABC123");
    }

    @Test
    @DisplayName("F13, F14: a sub-folder is a listing of its own, in a folder of its name")
    void aSubFolderIsAListing() throws Exception {
        bench.fake.folder("F1").add(bench.fake.folder("F2").named("../Extras"));

        var entry = walk(open("F1")).get(0);

        assertThat(entry.link()).isEqualTo(Bench.FOLDER + "F2");
        assertThat(entry.folder()).as("a suggestion, made safe by whoever takes it").isNotNull();
    }

    @Test
    @DisplayName("F13: what lies too deep is left out, and said")
    void whatLiesTooDeepIsLeftOut() throws Exception {
        bench.configure(settings -> settings.withoutAccount().limits(2, 200, 10_000));
        bench.fake.folder("F1").add(bench.fake.folder("F2"), bench.fake.file("ABC123"));

        var above = (Listing) bench.resolve(Bench.FOLDER + "F1", bench.context().depth(1));
        var below = (Listing) bench.resolve(Bench.FOLDER + "F1", bench.context().depth(2));

        assertThat(above.pages().page(null).entries()).hasSize(2);
        var page = below.pages().page(null);
        assertThat(page.entries()).extracting(Entry::link).containsExactly(Bench.FILE + "ABC123");
        assertThat(page.note()).contains("2 folders deep");
    }

    @ParameterizedTest
    @CsvSource({"2, 10000, 100", "200, 70, 70", "200, 100, 100"})
    @DisplayName("F13: pages and entries have limits, and that they were reached is said")
    void limitsEndAListing(int pages, int entries, int expected) throws Exception {
        bench.configure(settings -> settings.withoutAccount().limits(5, pages, entries));
        fill("F1", 130);
        var notes = new ArrayList<String>();

        assertThat(walk(open("F1"), notes)).hasSize(expected);

        assertThat(notes).singleElement().asString().startsWith("not all of folder F1");
    }

    @Test
    @DisplayName("F14: a new instance goes on at the cursor of the old one")
    void aNewInstanceGoesOnAtTheCursor() throws Exception {
        fill("F1", 130);
        var first = open("F1").pages().page(null);

        bench.configure(TestSettings::withoutAccount);
        var rest = open("F1").pages().page(first.next());

        assertThat(rest.entries()).extracting(Entry::link).isEqualTo(links(130).subList(50, 100));
        assertThat(open("F1").pages().page("rubbish").entries()).hasSize(50);
    }

    @Test
    @DisplayName("F15: an empty folder says so, and one that is gone is not found")
    void emptyAndGone() throws Exception {
        bench.fake.folder("F1").named("Nothing");
        bench.fake.folder("F2").gone();

        var page = open("F1").pages().page(null);

        assertThat(page.entries()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(page.note()).isEqualTo("folder is empty");
        assertThat(bench.error(Bench.FOLDER + "F2", bench.context()).errorClass())
                .isEqualTo(ErrorClass.NOT_FOUND);
        bench.configure(any -> any);
        bench.fake.fault(LISTING, Answer.refusal(403, "no"));
        assertThat(
                        catchThrowableOfType(
                                        DownloadException.class,
                                        () -> open("F2").pages().page(null))
                                .errorClass())
                .isEqualTo(ErrorClass.NOT_FOUND);
    }

    @Test
    void aListingThatPointsBackEnds() throws Exception {
        fill("F1", 3);
        bench.fake.fault(
                LISTING,
                Answer.json(
                        200,
                        """
                        {"current":{"name":"x"},
                         "items":[{"linkcode":"A1","type":1},{"linkcode":"no code","type":1},7],
                         "_links":{"next":"/v3/files/folder?linkcode=F1&page=1"}}
                        """));

        assertThat(walk(open("F1"))).extracting(Entry::link).containsExactly(Bench.FILE + "A1");
        assertThat(bench.fake.calls(LISTING)).hasSize(1);
    }

    @Test
    void aFolderThatIsBusyIsTriedAgainAndNotAskedOfTheAccount() {
        bench.configure(any -> any);
        fill("F1", 1);
        bench.fake.fault(LISTING, Answer.html(503, "Busy"));

        assertThat(bench.error(Bench.FOLDER + "F1", bench.context()).errorClass())
                .isEqualTo(ErrorClass.UNAVAILABLE);
        assertThat(bench.fake.calls()).extracting(call -> call.endpoint()).containsExactly(LISTING);
    }

    private void fill(String folder, int files) {
        IntStream.range(0, files)
                .forEach(i -> bench.fake.folder(folder).add(bench.fake.file("C" + (1000 + i))));
    }

    private static List<String> links(int files) {
        return IntStream.range(0, files).mapToObj(i -> Bench.FILE + "C" + (1000 + i)).toList();
    }

    private Listing open(String folder) throws Exception {
        return (Listing) bench.resolve(Bench.FOLDER + folder, bench.context());
    }

    private static List<Entry> walk(Listing listing) throws Exception {
        return walk(listing, new ArrayList<>());
    }

    private static List<Entry> walk(Listing listing, List<@Nullable String> notes)
            throws Exception {
        var entries = new ArrayList<Entry>();
        String cursor = null;
        do {
            Page page = listing.pages().page(cursor);
            entries.addAll(page.entries());
            if (page.note() != null) {
                notes.add(page.note());
            }
            cursor = page.next();
        } while (cursor != null);
        return entries;
    }

    private static Answer refusal(String how) {
        return switch (how) {
            case "html" -> Answer.html(200, "Welcome");
            case "truncated" -> Answer.truncated();
            default -> Answer.refusal(Integer.parseInt(how), "no");
        };
    }
}
