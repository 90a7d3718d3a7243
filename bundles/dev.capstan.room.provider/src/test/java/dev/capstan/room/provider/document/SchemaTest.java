package dev.capstan.room.provider.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.capstan.room.RoomException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R2: the shipped schemas and the parser judge alike, and the parser names the place. */
class SchemaTest {
    private static final String KEY = Keys.text(Samples.KEYS.get("ann").getPublic());
    private static final String SHA =
            "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"";
    private static final String CORE = "/pieceCollections/base/pieces/0";

    private static JsonSchema matchLock;
    private static JsonSchema roomFile;
    private static String room;

    @BeforeAll
    static void read() throws RoomException {
        var schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);
        matchLock = schemas.getSchema(SchemaLocation.of("classpath:schema/match-lock.schema.json"));
        roomFile = schemas.getSchema(SchemaLocation.of("classpath:schema/room-file.schema.json"));
        room = Samples.signed(false).text();
    }

    /** A change of a good document, and where the change is. */
    private record Change(String from, String to, String pointer) {

        String in(String document) {
            assertThat(document).contains(from);
            return document.replace(from, to);
        }
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("A good match lock is good to both")
    void goodMatchLocks(Change change) {
        var text = change.in(Samples.MATCH_LOCK);

        assertThat(matchLock.validate(text, InputFormat.JSON)).isEmpty();
        assertThatCode(() -> MatchLock.parse(text)).doesNotThrowAnyException();
    }

    static Stream<Change> goodMatchLocks() {
        return Stream.of(
                good("\"Core\"", "\"\""),
                good("\"Core\"", "\"" + "ö".repeat(256) + "\""),
                good("\"Core\"", "\"" + "\uD83D\uDE00".repeat(256) + "\""),
                good("\"music\"", "\"" + "\uD83D\uDE00".repeat(128) + "\""),
                good("\"music\"", "\"...\""),
                good("\"music\"", "\" %2F:*?<>|'\""),
                good(
                        "\"beach\", ",
                        "\"beach\", \"sha256\": " + SHA.toUpperCase(Locale.ROOT) + ", "),
                good("1234567", "9007199254740991"),
                good("\"tar.gz\"", "\"auto\""),
                good("data/.core", "[stage] (1)/a.b/ö"),
                good("onDemand", "mandatory"),
                good("https://a.example/core.zip", "x:" + "y".repeat(8_190)),
                good("\"folder\": \"/opt/fighter\"", "\"folder\": \"C:\\\\Games\""),
                good(", \"folder\": \"/opt/fighter\"", ""));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("A bad match lock is bad to both, and the parser says where")
    void badMatchLocks(Change change) {
        var text = change.in(Samples.MATCH_LOCK);

        assertThat(matchLock.validate(text, InputFormat.JSON)).as(text).isNotEmpty();
        assertRefused(() -> MatchLock.parse(text), change);
    }

    static Stream<Change> badMatchLocks() {
        return Stream.of(
                bad("{\"version\": 1,", "{", "/version"),
                bad("{\"version\": 1,", "{\"version\": 2,", "/version"),
                bad("{\"version\": 1,", "{\"version\": \"1\",", "/version"),
                bad("{\"version\": 1,", "{\"version\": 1, \"comment\": \"x\",", "/comment"),
                bad("\"name\": \"Fighter\", ", "", "/engine/name"),
                bad("\"Fighter\"", "\"\"", "/engine/name"),
                bad("\"Fighter\"", "\"a\\nb\"", "/engine/name"),
                bad("\"1.1\"", "1", "/engine/version"),
                bad("\"/opt/fighter\"", "null", "/engine/folder"),
                bad("\"/opt/fighter\"", "\"\"", "/engine/folder"),
                bad("\"/opt/fighter\"", "\"/opt\", \"path\": 1", "/engine/path"),
                bad("\"base\"", "\"a/b\"", "/pieceCollections/a~1b"),
                bad("\"base\"", "\"\"", "/pieceCollections/"),
                bad("\"base\"", "\"..\"", "/pieceCollections/.."),
                bad("\"mandatory\"", "\"all\"", "/pieceCollections/base/selection"),
                bad("\"mandatory\"", "0", "/pieceCollections/base/selection"),
                bad("\"pieces\": []", "\"pieces\": {}", "/pieceCollections/extras/pieces"),
                bad("\"pieces\": []", "\"pieces\": [7]", "/pieceCollections/extras/pieces/0"),
                bad(", \"pieces\": []", "", "/pieceCollections/extras/pieces"),
                bad("{\"id\": \"core\", ", "{", CORE + "/id"),
                bad("\"core\"", "\"\"", CORE + "/id"),
                bad("\"core\"", "\".\"", CORE + "/id"),
                bad("\"core\"", "\"" + "x".repeat(129) + "\"", CORE + "/id"),
                bad("\"core\"", "\"a\\\\b\"", CORE + "/id"),
                bad("\"core\"", "\"a\\u0000\"", CORE + "/id"),
                bad("\"core\"", "\"core\\n\"", CORE + "/id"),
                bad("\"core\"", "\"a\\u0085b\"", CORE + "/id"),
                bad("\"core\"", "\"a\\u202eb\"", CORE + "/id"),
                bad("\"core\"", "\"a\\u2028b\"", CORE + "/id"),
                bad("\"Core\"", "\"" + "x".repeat(257) + "\"", CORE + "/name"),
                bad("\"Core\"", "\"\\u0007\"", CORE + "/name"),
                bad("\"Core\"", "[]", CORE + "/name"),
                bad("\"Core\"", "\"Core\", \"url\": \"x:y\"", CORE + "/url"),
                bad("\"2\"", "2", CORE + "/version"),
                bad("b855\"", "b85\"", CORE + "/sha256"),
                bad("b855\"", "b85g\"", CORE + "/sha256"),
                bad("b855\"", "b855\\n\"", CORE + "/sha256"),
                bad("b855\"", "b8550\"", CORE + "/sha256"),
                bad("1234567", "-1", CORE + "/size"),
                bad("1234567", "0.5", CORE + "/size"),
                bad("1234567", "9007199254740992", CORE + "/size"),
                bad("1234567", "\"5\"", CORE + "/size"),
                bad("1234567", "true", CORE + "/size"),
                bad("\"zip\"", "\"rar\"", CORE + "/archive"),
                bad("\"zip\"", "\"ZIP\"", CORE + "/archive"),
                bad("data/.core", "", CORE + "/enginePath"),
                bad("data/.core", "/data", CORE + "/enginePath"),
                bad("data/.core", "data/", CORE + "/enginePath"),
                bad("data/.core", "data//core", CORE + "/enginePath"),
                bad("data/.core", "../core", CORE + "/enginePath"),
                bad("data/.core", "data/../../core", CORE + "/enginePath"),
                bad("data/.core", "data/..", CORE + "/enginePath"),
                bad("data/.core", "./core", CORE + "/enginePath"),
                bad("data/.core", "data\\\\core", CORE + "/enginePath"),
                bad("data/.core", "C:/core", CORE + "/enginePath"),
                bad("data/.core", "a/\\u0001", CORE + "/enginePath"),
                bad("data/.core", "a".repeat(1_025), CORE + "/enginePath"),
                bad("\"https://a.example/core.zip\"", "1", CORE + "/resolvables/0"),
                bad("https://a.example/core.zip", "", CORE + "/resolvables/0"),
                bad("https://a.example/core.zip", "core.zip", CORE + "/resolvables/0"),
                bad("https://a.example/core.zip", "1a:b", CORE + "/resolvables/0"),
                bad("https://a.example/core.zip", "https://a/b c", CORE + "/resolvables/0"),
                bad("https://a.example/core.zip", "https://a/\\t", CORE + "/resolvables/0"),
                bad(
                        "https://a.example/core.zip",
                        "x:" + "y".repeat(8_191),
                        CORE + "/resolvables/0"),
                bad(
                        "[\"https://a.example/core.zip\"",
                        "[" + "\"x:y\",".repeat(64) + "\"x:y\"",
                        CORE + "/resolvables"),
                bad(
                        "\"resolvables\": []",
                        "\"resolvables\": null",
                        "/pieceCollections/base/pieces/1/resolvables"));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("What no schema can say is refused by the parser alone")
    void badMatchLocksBeyondSchema(Change change) {
        var text = change.in(Samples.MATCH_LOCK);

        assertThat(matchLock.validate(text, InputFormat.JSON)).isEmpty();
        assertRefused(() -> MatchLock.parse(text), change);
    }

    static Stream<Change> badMatchLocksBeyondSchema() {
        return Stream.of(
                bad("\"music\"", "\"core\"", "/pieceCollections/base/pieces/1/id"),
                bad("\"beach\"", "\"core\"", "/pieceCollections/stages/pieces/0/id"),
                bad("1234567", "1.0", CORE + "/size"),
                bad("1234567", "1e2", CORE + "/size"),
                bad("data/.core", "data/con.txt", CORE + "/enginePath"),
                bad("data/.core", "data/core.", CORE + "/enginePath"),
                bad("data/.core", ".capstan-x", CORE + "/enginePath"),
                bad("data/.core", "a/" + "b".repeat(256), CORE + "/enginePath"),
                bad("\"id\": \"core\"", "\"id\": \"core\", \"id\": \"c\"", CORE + "/id"));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("A good room file is good to both")
    void goodRoomFiles(Change change) {
        var text = change.in(room);

        assertThat(roomFile.validate(text, InputFormat.JSON)).isEmpty();
        assertThatCode(() -> RoomFile.parse(text)).doesNotThrowAnyException();
    }

    static Stream<Change> goodRoomFiles() throws RoomException {
        return Stream.of(
                good("\"friday\"", "\"Fr\u00e9d\u00e9ric's\""),
                good("[\"core\",\"music\"]", "[\"core\"],\"stages\":[]"),
                good("tcp://ann@192.168.1.5:7777", "lan://ann"),
                good("tcp://ann@192.168.1.5:7777", "LAN://C%C3%A9cile"),
                good("tcp://ann@192.168.1.5:7777", "ws://ann@[::1]:7/rooms/fr%69day"),
                good("tcp://ann@192.168.1.5:7777", "x-y.z://ben@host/some/where"),
                good("2026-02-07T12:00:00Z", "2026-02-07T12:00:00.123Z"),
                good("2026-02-07T12:00:00Z", "2024-02-29T23:59:59Z"),
                good(signatures(), "{}"),
                good(restriction(), SHA));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("A bad room file is bad to both, and the parser says where")
    void badRoomFiles(Change change) {
        var text = change.in(room);

        assertThat(roomFile.validate(text, InputFormat.JSON)).as(text).isNotEmpty();
        assertRefused(() -> RoomFile.parse(text), change);
    }

    static Stream<Change> badRoomFiles() throws RoomException {
        var lock = "/config/restriction/pieceCollections/base/pieces/0";
        return Stream.of(
                bad("\"signatures\"", "\"signature\"", "/signature"),
                bad("\"version\":1}", "\"version\":2}", "/config/version"),
                bad("\"friday\"", "\"\"", "/config/roomId"),
                bad("\"friday\"", "\"fri/day\"", "/config/roomId"),
                bad("\"friday\"", "5", "/config/roomId"),
                bad("\"roomId\":\"friday\",", "", "/config/roomId"),
                bad("\"roomId\"", "\"algorithm\":\"none\",\"roomId\"", "/config/algorithm"),
                bad(restriction(), "\"e3b0\"", "/config/restriction"),
                bad(restriction(), "null", "/config/restriction"),
                bad(restriction(), "[]", "/config/restriction"),
                bad("\"size\":1234567", "\"size\":-1", lock + "/size"),
                bad("[\"core\",\"music\"]", "[\"core\",\"core\"]", "/config/pieces/base/1"),
                bad("[\"core\",\"music\"]", "[\"core\",7]", "/config/pieces/base/1"),
                bad("[\"core\",\"music\"]", "\"core\"", "/config/pieces/base"),
                bad("[\"core\",\"music\"]", "[\"..\"]", "/config/pieces/base/0"),
                bad("{\"base\":[\"core\",\"music\"]}", "{}", "/config/pieces"),
                bad(users(), "{}", "/config/users"),
                bad("\"ann\":{", "\"\":{", "/config/users/"),
                bad("\"" + KEY + "\"", "null", "/config/users/ann/publicSignatureKey"),
                bad(KEY, KEY + "=", "/config/users/ann/publicSignatureKey"),
                bad(KEY, "ed25519:", "/config/users/ann/publicSignatureKey"),
                bad(KEY, KEY.substring(0, 50) + "B", "/config/users/ann/publicSignatureKey"),
                bad(KEY, KEY.replace("ed25519", "rsa"), "/config/users/ann/publicSignatureKey"),
                bad(KEY + "\"", KEY + "\",\"role\":1", "/config/users/ann/role"),
                transport(""),
                transport("ann@host:1"),
                transport("tcp:ann@host"),
                transport("tcp:///room"),
                transport("tcp://ann@host:1?x=1"),
                transport("tcp://ann@host:1#x"),
                transport("tcp://ann@ho st:1"),
                transport("tcp://ann@host:1\\n"),
                expires("2026-02-07T12:00:00"),
                expires("2026-02-07T12:00:00+00:00"),
                expires("2026-02-07T24:00:00Z"),
                expires("2026-02-07T23:59:60Z"),
                expires("2026-13-07T12:00:00Z"),
                expires("2026-02-07 12:00:00Z"),
                expires("2026-02-07T12:00:00.Z"),
                bad("\"2026-02-07T12:00:00Z\"", "1770465600", "/config/expires"),
                bad(signatures(), "[]", "/signatures"),
                bad(signatures(), "{\"ann\":7}", "/signatures/ann"),
                bad(signatures(), "{\"ann\":\"AAAA\"}", "/signatures/ann"),
                bad(signatures(), "{\"ann\":\"" + "A".repeat(85) + "B\"}", "/signatures/ann"),
                bad(signatures(), "{\"ann\":\"" + "A".repeat(86) + "==\"}", "/signatures/ann"));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("What a room file means is checked by the parser alone")
    void badRoomFilesBeyondSchema(Change change) {
        var text = change.in(room);

        assertThat(roomFile.validate(text, InputFormat.JSON)).isEmpty();
        assertRefused(() -> RoomFile.parse(text), change);
    }

    static Stream<Change> badRoomFilesBeyondSchema() throws RoomException {
        var a43 = "A".repeat(43);
        return Stream.of(
                bad("[\"core\",\"music\"]", "[\"core\",\"beach\"]", "/config/pieces/base/1"),
                bad("[\"core\",\"music\"]", "[]", "/config/pieces"),
                bad("{\"base\":[\"core\"", "{\"bass\":[\"core\"", "/config/pieces/bass"),
                bad(
                        "[\"core\",\"music\"]",
                        "[\"core\"],\"extras\":[\"core\"]",
                        "/config/pieces/extras/0"),
                bad(KEY, "ed25519:" + a43, "/config/users/ann/publicSignatureKey"),
                transport("tcp://dan@host:1"),
                transport("tcp://host:7777"),
                transport("tcp://ann:secret@host:1"),
                transport("tcp://@host:1"),
                transport("tcp://ann%2Fx@host:1"),
                transport("tcp://ann%FF@host:1"),
                transport("tcp://ann%@host:1"),
                transport("ws://ann@host:1/rooms/saturday"),
                transport("ws://ann@host:1/rooms/"),
                expires("2026-02-29T12:00:00Z"),
                bad(signatures(), "{\"dan\":\"" + "A".repeat(86) + "\"}", "/signatures/dan"));
    }

    private static void assertRefused(ThrowingCallable parse, Change change) {
        assertThatThrownBy(parse)
                .isInstanceOfSatisfying(
                        RoomException.class,
                        e -> assertThat(e.reason()).isEqualTo(RoomException.Reason.INVALID))
                .hasMessageStartingWith(change.pointer() + ": ");
    }

    private static Change good(String from, String to) {
        return new Change(from, to, "");
    }

    private static Change bad(String from, String to, String pointer) {
        return new Change(from, to, pointer);
    }

    private static Change transport(String to) {
        return bad("tcp://ann@192.168.1.5:7777", to, "/config/transport");
    }

    private static Change expires(String to) {
        return bad("2026-02-07T12:00:00Z", to, "/config/expires");
    }

    private static String restriction() throws RoomException {
        return canonical("config", "restriction");
    }

    private static String users() throws RoomException {
        return canonical("config", "users");
    }

    private static String signatures() throws RoomException {
        return canonical("signatures");
    }

    /** A part of the room file, as it is written there. */
    private static String canonical(String... path) throws RoomException {
        Object part = StrictJson.object(Samples.signed(false).text(), StrictJson.DOCUMENT);
        for (var name : path) {
            part = ((Map<?, ?>) part).get(name);
        }
        return CanonicalJson.of(part);
    }
}
