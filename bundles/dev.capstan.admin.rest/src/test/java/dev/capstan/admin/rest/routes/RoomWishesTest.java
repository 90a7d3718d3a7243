package dev.capstan.admin.rest.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.admin.rest.http.Body;
import dev.capstan.admin.rest.http.ProblemException;
import dev.capstan.room.JoinRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomWishesTest {
    private static final Path DOWNLOADS = Path.of("/data/downloads");
    private static final String[] DRAFT = {
        "roomId", "matchLock", "reference", "users", "transport", "pieces", "validFor"
    };

    @Test
    @DisplayName("R1: what is to be signed is passed on with nothing lost, added or turned")
    void aDocumentIsPassedOnWhole() throws Exception {
        var lock =
                "{\"z\":[1,-0,9007199254740993,true,false,null,{\"\\u0000\\ud83d\\ude00\":\"\\\"/\\\\\"}],"
                        + "\"a\":{},\"e\":[]}";

        var draft = RoomWishes.draft(body(draft("\"matchLock\":" + lock), DRAFT));

        assertThat(draft.matchLock())
                .isEqualTo(
                        "{\"z\":[1,0,9007199254740993,true,false,null,{\"\\u0000\ud83d\ude00\":"
                                + "\"\\\"/\\\\\"}],\"a\":{},\"e\":[]}");
    }

    @Test
    @DisplayName("R3: a draft has what the request says, and a week where it says no time")
    void aDraftHasWhatTheRequestSays() throws Exception {
        var least = RoomWishes.draft(body(draft("\"matchLock\":{}"), DRAFT));
        assertThat(least.keys()).isEqualTo(Map.of("ann", "ed25519:A"));
        assertThat(least.transport()).isEqualTo(URI.create("lan://ann"));
        assertThat(least.expected()).isNull();
        assertThat(least.roomId()).isNull();
        assertThat(least.byReference()).isFalse();
        assertThat(least.validFor()).isEqualTo(Duration.ofDays(7));

        var more =
                RoomWishes.draft(
                        body(
                                draft(
                                        "\"matchLock\":{},\"roomId\":\"x\",\"reference\":true,"
                                                + "\"validFor\":60,"
                                                + "\"pieces\":{\"base\":[\"maps\",\"skins\"]}"),
                                DRAFT));
        assertThat(more.expected()).isEqualTo(Map.of("base", Set.of("maps", "skins")));
        assertThat(more.roomId()).isEqualTo("x");
        assertThat(more.byReference()).isTrue();
        assertThat(more.validFor()).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"matchLock\":\"text\"|\"matchLock\" has to be an object",
                "\"roomId\":\"x\"|\"matchLock\" is missing",
                "\"matchLock\":{},\"pieces\":{\"base\":\"maps\"}|\"pieces.base\"",
                "\"matchLock\":{},\"pieces\":{\"base\":[1]}|\"pieces.base\"",
                "\"matchLock\":{},\"pieces\":[]|\"pieces\" has to be",
                "\"matchLock\":{},\"validFor\":0|\"validFor\"",
                "\"matchLock\":{},\"colour\":1|\"colour\""
            })
    @DisplayName("S5: what a draft cannot be is refused by its name")
    void aMalformedDraftIsRefusedByName(String more, String told) {
        assertThatThrownBy(() -> RoomWishes.draft(body(draft(more), DRAFT)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"users\":{\"ann\":\"key\"}|\"users\" has to be an object of objects",
                "\"users\":{\"ann\":{}}|\"users.ann.publicSignatureKey\" is missing",
                "\"users\":{\"ann\":{\"key\":1}}|\"users.ann.key\"",
                "\"users\":7|\"users\" has to be",
                "\"transport\":\"tcp:// ann\"|\"transport\" is no address"
            })
    void malformedUsersAndAddressesAreRefusedByName(String wrong, String told) {
        var transport = wrong.contains("transport") ? "" : ",\"transport\":\"lan://ann\"";
        var json = "{\"matchLock\":{}" + transport + "," + wrong + "}";

        assertThatThrownBy(() -> RoomWishes.draft(body(json, DRAFT)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(told);
    }

    @Test
    @DisplayName("S3: whoever joins over the network names folders below the downloads only")
    void aFolderLiesBelowTheDownloads() throws Exception {
        assertThat(join("\"deadline\":90").folder()).isNull();
        assertThat(join("\"deadline\":90").deadline()).isEqualTo(Duration.ofSeconds(90));
        assertThat(join("\"directory\":\"our/pieces\"").folder())
                .isEqualTo(DOWNLOADS.resolve("our/pieces"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc",
                "../x",
                "a/../../x",
                "..\\\\x",
                "C:/x",
                "%2e%2e/x",
                "",
                ".",
                "%2fetc"
            })
    @DisplayName("S3: … and no others")
    void noOtherFolderIsTaken(String directory) {
        assertThatThrownBy(() -> join("\"directory\":\"" + directory + "\""))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("\"directory\"");
    }

    private static JoinRequest join(String more) throws ProblemException {
        var json = "{\"room\":{\"config\":{}},\"user\":\"ann\"," + more + "}";
        var joining =
                RoomWishes.join(
                        body(
                                json,
                                "room",
                                "user",
                                "directory",
                                "matchLock",
                                "deadline",
                                "minimumSpeed",
                                "abortOnFailure",
                                "fromMembers"),
                        DOWNLOADS);
        assertThat(joining.roomFile()).isEqualTo("{\"config\":{}}");
        assertThat(joining.user()).isEqualTo("ann");
        return joining;
    }

    private static String draft(String more) {
        return "{\"users\":{\"ann\":{\"publicSignatureKey\":\"ed25519:A\"}},"
                + "\"transport\":\"lan://ann\","
                + more
                + "}";
    }

    private static Body body(String json, String... known) throws ProblemException {
        return Body.read(json.getBytes(UTF_8), known);
    }
}
