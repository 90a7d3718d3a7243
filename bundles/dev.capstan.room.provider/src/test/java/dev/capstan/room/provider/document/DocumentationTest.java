package dev.capstan.room.provider.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The page for others who write these documents: what it shows is so. */
class DocumentationTest {
    private static final Pattern BLOCK =
            Pattern.compile("```(?:json|text)\\R(\\{.*?)```", Pattern.DOTALL);

    @Test
    @DisplayName("The examples of the page are documents, signed as the page says")
    void examplesHold() throws Exception {
        var page = Files.readString(Path.of("../../docs/contracts/rooms.md"));
        var blocks = BLOCK.matcher(page).results().map(block -> block.group(1)).toList();
        var matchLock = blocks.get(0);
        var roomFile = blocks.get(1);
        var signed = blocks.get(2).strip();

        var room = RoomFile.parse(roomFile);
        var config = room.verify(Instant.parse("2026-02-01T00:00:00Z"), matchLock);

        assertThat(room.text()).startsWith("{\"config\":" + signed + ",");
        assertThat(page).contains("`" + config.digest() + "`");
        assertThat(config.pieces()).hasSize(1);
        // The seed of the second vector of RFC 8032 makes the signature of the page.
        var seed =
                HexFormat.of()
                        .parseHex(
                                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        var ann = Keys.pair(Keys.text(config.users().get("ann")), Keys.encode(seed));
        assertThat(page).contains(Keys.encode(Keys.sign(signed.getBytes(UTF_8), ann.getPrivate())));
    }
}
