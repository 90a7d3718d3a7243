package dev.capstan.host.fshare;

import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import dev.capstan.host.spi.Resolution;
import dev.capstan.host.spi.Resolution.Entry;
import dev.capstan.host.spi.Resolution.Page;
import dev.capstan.host.spi.ResolveContext;
import jakarta.json.JsonArray;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one folder (F12 to F15). Sub-folders are entries: whoever asked expands them in
 * their turn. The listing that needs no account is asked first; where it gives nothing, the
 * account's own goes through the folder from its start, leaving out what was listed already.
 *
 * <p>Used by one thread at a time.
 */
final class Folder implements Resolution.Pages {
    private static final Pattern PAGE = Pattern.compile("[?&]page=(\\d{1,9})(?:[&#].*)?$");

    private final FshareLink link;
    private final Settings settings;
    private final FshareAccount account;
    private final ResolveContext context;
    private final Set<String> seen = new HashSet<>();
    private Api.@Nullable Listed first;
    private boolean listingRefused;

    private Folder(
            FshareLink link, Settings settings, FshareAccount account, ResolveContext context) {
        this.link = link;
        this.settings = settings;
        this.account = account;
        this.context = context;
    }

    /** Looks at a folder: what it is called, and that it is there. */
    static Resolution.Listing open(
            FshareLink link, Settings settings, FshareAccount account, ResolveContext context)
            throws DownloadException, InterruptedException {
        var folder = new Folder(link, settings, account, context);
        return new Resolution.Listing(folder.name(), folder);
    }

    private String name() throws DownloadException, InterruptedException {
        var line = FshareHost.line(settings, context);
        String name;
        try {
            first = account.api().listing(line, link, 1);
            name = first.current().name();
        } catch (DownloadException e) {
            if (!goesOnWithAccount(e)) {
                throw e;
            }
            listingRefused = true;
            name = nameByAccount(line);
        }
        return name == null ? link.code() : name;
    }

    private @Nullable String nameByAccount(Line line)
            throws DownloadException, InterruptedException {
        try {
            return account.call(line, session -> account.api().file(line, session, link)).name();
        } catch (DownloadException e) {
            return switch (e.errorClass()) {
                // It may know files only. The list will tell.
                case HOST, ACCOUNT, NOT_FOUND -> null;
                default -> throw e;
            };
        }
    }

    @Override
    public Page page(@Nullable String cursor) throws DownloadException, InterruptedException {
        var at = Position.parse(cursor);
        if (at.byAccount() || listingRefused) {
            return byAccount(at.byAccount() ? at : at.byAccountFromStart());
        }
        try {
            return byListing(at);
        } catch (DownloadException e) {
            if (!goesOnWithAccount(e)) {
                throw e;
            }
            return byAccount(at.byAccountFromStart());
        }
    }

    /** Not where the folder is gone, nor where waiting helps. */
    private boolean goesOnWithAccount(DownloadException error) {
        return account.isConfigured()
                && (error.errorClass() == ErrorClass.HOST
                        || error.errorClass() == ErrorClass.ACCOUNT);
    }

    private Page byListing(Position at) throws DownloadException, InterruptedException {
        var line = FshareHost.line(settings, context);
        Api.Listed listed;
        try {
            listed =
                    at.page() == 1 && first != null
                            ? first
                            : account.api().listing(line, link, at.page());
        } catch (DownloadException e) {
            if (e.errorClass() == ErrorClass.NOT_FOUND && at.page() > 1) {
                return page(at, JsonArray.EMPTY_JSON_ARRAY, null);
            }
            throw e;
        } finally {
            first = null;
        }
        return page(at, listed.items(), after(at.page(), listed.next()));
    }

    private Page byAccount(Position at) throws DownloadException, InterruptedException {
        var line = FshareHost.line(settings, context);
        var list =
                account.call(
                        line,
                        session ->
                                // Pages are counted from 0 there.
                                new Listed(
                                        account.api()
                                                .folderList(line, session, link, at.page() - 1)));
        if (list.items == null && at.page() == 1) {
            throw new DownloadException(
                    ErrorClass.NOT_FOUND, "Fshare has no such folder: deleted, or mistyped.");
        }
        var items = list.items == null ? JsonArray.EMPTY_JSON_ARRAY : list.items;
        return page(at, items, at.page() + 1);
    }

    /** What the account lists: nothing where there is no such page. */
    private record Listed(@Nullable JsonArray items) {}

    /** Of an address only the number of the page is used; one that leads back ends it. */
    private static @Nullable Integer after(int page, @Nullable String next) {
        if (next == null) {
            return null;
        }
        var number = PAGE.matcher(next);
        if (!number.find()) {
            return page + 1;
        }
        var named = Integer.parseInt(number.group(1));
        return named > page ? named : null;
    }

    private Page page(Position at, JsonArray items, @Nullable Integer next) {
        var entries = new ArrayList<Entry>();
        var tooDeep = false;
        for (var item : Fields.all(items)) {
            var entry = entry(item);
            if (entry != null && isFolder(item) && context.depth() >= settings.maxDepth()) {
                tooDeep = true;
            } else if (entry != null) {
                entries.add(entry);
            }
        }
        if (items.isEmpty() || next == null) {
            return last(at, entries, tooDeep ? depthNote() : null);
        }
        var room = settings.maxEntries() - at.listed();
        if (entries.size() >= room || next > settings.maxPages()) {
            return last(at, entries, limitNote(at));
        }
        var position = new Position(at.byAccount(), next, at.listed() + entries.size());
        return new Page(entries, position.toString(), tooDeep ? depthNote() : null);
    }

    private Page last(Position at, List<Entry> entries, @Nullable String note) {
        var room = Math.max(0, settings.maxEntries() - at.listed());
        if (entries.size() > room) {
            return new Page(entries.subList(0, room), null, limitNote(at));
        }
        var isEmpty = entries.isEmpty() && at.listed() == 0 && note == null;
        return new Page(entries, null, isEmpty ? "folder is empty" : note);
    }

    private String limitNote(Position at) {
        return "not all of folder %s: the limit is %d entries and %d pages (page %d)"
                .formatted(link.code(), settings.maxEntries(), settings.maxPages(), at.page());
    }

    private String depthNote() {
        return "sub-folders more than " + settings.maxDepth() + " folders deep are left out";
    }

    /** What an item becomes; null for what was listed already or is nothing. */
    private @Nullable Entry entry(Fields item) {
        var code = item.text("linkcode");
        if (code == null || !FshareLink.isCode(code)) {
            return null;
        }
        var kind = isFolder(item) ? FshareLink.Kind.FOLDER : FshareLink.Kind.FILE;
        var target = new FshareLink(kind, code);
        if (target.canonical().equals(link.canonical()) || !seen.add(target.canonical())) {
            return null;
        }
        var facts = FileFacts.of(item);
        return kind == FshareLink.Kind.FOLDER
                ? new Entry(target.address(), facts.name(), null, facts.name(), Map.of())
                : new Entry(target.address(), facts.name(), facts.size(), null, Map.of());
    }

    private static boolean isFolder(Fields item) {
        var type = item.number("type");
        return type != null && type == 0;
    }

    /**
     * Where a listing goes on; as text, what is kept over restarts.
     *
     * @param page counted from 1
     * @param listed entries before it
     */
    private record Position(boolean byAccount, int page, int listed) {
        private static final Pattern TEXT = Pattern.compile("(list|account) (\\d{1,9}) (\\d{1,9})");

        static Position parse(@Nullable String cursor) {
            var text = TEXT.matcher(cursor == null ? "" : cursor);
            // Of what cannot be read the start is right: what was listed is not listed twice.
            return text.matches()
                    ? new Position(
                            text.group(1).equals("account"),
                            Math.max(1, Integer.parseInt(text.group(2))),
                            Integer.parseInt(text.group(3)))
                    : new Position(false, 1, 0);
        }

        Position byAccountFromStart() {
            return new Position(true, 1, listed);
        }

        @Override
        public String toString() {
            return (byAccount ? "account " : "list ") + page + " " + listed;
        }
    }
}
