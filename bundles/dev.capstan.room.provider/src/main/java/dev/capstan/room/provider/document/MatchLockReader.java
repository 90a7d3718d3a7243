package dev.capstan.room.provider.document;

import dev.capstan.name.SafeNames;
import dev.capstan.room.RoomException;
import dev.capstan.room.provider.document.MatchLock.Archive;
import dev.capstan.room.provider.document.MatchLock.Collection;
import dev.capstan.room.provider.document.MatchLock.Engine;
import dev.capstan.room.provider.document.MatchLock.Piece;
import dev.capstan.room.provider.document.MatchLock.Selection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one match lock, alone or inside a room file. */
final class MatchLockReader {
    /** Pieces of a match lock at most, so of a room too. */
    static final int MOST_PIECES = 10_000;

    private static final int MOST_LINKS = 64;
    private static final int LONGEST_LINE = 256;
    private static final int LONGEST_PATH = 1_024;
    private static final int LONGEST_LINK = 8_192;

    /** Not every link is a URI: what is after the scheme is between it and its host. */
    private static final Pattern LINK = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:\\S+");

    private static final Map<String, Selection> SELECTIONS = new LinkedHashMap<>();
    private static final Map<String, Archive> ARCHIVES = new LinkedHashMap<>();

    static {
        SELECTIONS.put("mandatory", Selection.MANDATORY);
        SELECTIONS.put("selectable", Selection.SELECTABLE);
        SELECTIONS.put("onDemand", Selection.ON_DEMAND);
        ARCHIVES.put("zip", Archive.ZIP);
        ARCHIVES.put("tar", Archive.TAR);
        ARCHIVES.put("tar.gz", Archive.TAR_GZ);
        ARCHIVES.put("none", Archive.NONE);
        ARCHIVES.put("auto", Archive.AUTO);
    }

    private final Map<String, Pointer> ids = new HashMap<>();

    private MatchLockReader() {}

    static MatchLock read(@Nullable Object value, Pointer at) throws RoomException {
        var fields =
                Fields.of(value, at, Set.of("version", "engine", "pieceCollections"), Set.of());
        fields.checkVersion();
        var engine = engine(fields.value("engine"), fields.at("engine"));
        var named = Fields.map(fields.value("pieceCollections"), fields.at("pieceCollections"));
        var reader = new MatchLockReader();
        var collections = new LinkedHashMap<String, Collection>();
        for (var id : named.names()) {
            collections.put(
                    Text.id(id, named.at(id)), reader.collection(named.value(id), named.at(id)));
        }
        return new MatchLock(engine, collections, Sha256.hex(CanonicalJson.of(value)));
    }

    private static Engine engine(@Nullable Object value, Pointer at) throws RoomException {
        var fields = Fields.of(value, at, Set.of("name", "version"), Set.of("folder"));
        return new Engine(
                fields.line("name", 1, LONGEST_LINE),
                fields.line("version", 1, LONGEST_LINE),
                fields.has("folder") ? fields.line("folder", 1, LONGEST_PATH) : null);
    }

    private Collection collection(@Nullable Object value, Pointer at) throws RoomException {
        var fields = Fields.of(value, at, Set.of("selection", "pieces"), Set.of());
        var selection = fields.word("selection", SELECTIONS);
        var pieces = new ArrayList<Piece>();
        for (var element : fields.elements("pieces", MOST_PIECES).entrySet()) {
            pieces.add(piece(element.getValue(), element.getKey()));
        }
        return new Collection(selection, pieces);
    }

    private Piece piece(@Nullable Object value, Pointer at) throws RoomException {
        var fields =
                Fields.of(
                        value,
                        at,
                        Set.of("id", "resolvables"),
                        Set.of(
                                "name",
                                "author",
                                "version",
                                "sha256",
                                "size",
                                "archive",
                                "enginePath"));
        return new Piece(
                id(fields),
                fields.optionalLine("name", LONGEST_LINE),
                fields.optionalLine("author", LONGEST_LINE),
                fields.optionalLine("version", LONGEST_LINE),
                links(fields),
                fields.optionalSha256("sha256"),
                fields.optionalSize("size"),
                fields.has("archive") ? fields.word("archive", ARCHIVES) : Archive.AUTO,
                fields.has("enginePath") ? enginePath(fields) : null);
    }

    /** A piece is told by its id alone, so it is the only one of the whole document. */
    private String id(Fields fields) throws RoomException {
        var at = fields.at("id");
        var id = Text.id(fields.string("id"), at);
        var other = ids.putIfAbsent(id, at);
        if (other != null) {
            throw at.invalid("is the id of another piece too, " + other.text());
        }
        if (ids.size() > MOST_PIECES) {
            throw at.invalid("is one more than the " + MOST_PIECES + " pieces there may be");
        }
        return id;
    }

    private static List<String> links(Fields fields) throws RoomException {
        var links = fields.strings("resolvables", MOST_LINKS);
        for (var i = 0; i < links.size(); i++) {
            var at = fields.at("resolvables").element(i);
            if (!LINK.matcher(Text.line(links.get(i), 1, LONGEST_LINK, at)).matches()) {
                throw at.invalid("must be a link: a scheme, a colon, and no white space");
            }
        }
        return links;
    }

    private static String enginePath(Fields fields) throws RoomException {
        var path = fields.line("enginePath", 1, LONGEST_PATH);
        for (var segment : path.split("/", -1)) {
            if (!SafeNames.chosenName(segment, "").equals(segment)) {
                throw fields.at("enginePath")
                        .invalid("must be a relative path of plain names, separated by /");
            }
        }
        return path;
    }
}
