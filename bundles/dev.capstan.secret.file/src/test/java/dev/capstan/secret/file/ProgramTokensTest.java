package dev.capstan.secret.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.capstan.access.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramTokensTest {
    @TempDir Path data;
    private ProgramTokens tokens;

    @BeforeEach
    void start() {
        tokens = new ProgramTokens(data.resolve("tokens"));
    }

    @Test
    void S5_a_token_opens_its_scope_and_nothing_else_does() throws Exception {
        var reading = tokens.create("graph", Scope.READ);
        var changing = tokens.create("browser", Scope.DOWNLOADS);

        assertThat(tokens.scope(reading)).contains(Scope.READ);
        assertThat(tokens.scope(changing)).contains(Scope.DOWNLOADS);
        assertThat(tokens.scope(reading + "x")).isEmpty();
        assertThat(tokens.scope("")).isEmpty();
        assertThat(reading).hasSize(43).isNotEqualTo(changing);
    }

    @Test
    void S5_only_the_hash_is_kept_where_only_the_owner_reads_it() throws Exception {
        var token = tokens.create("graph", Scope.READ);

        var file = data.resolve("tokens/programs");
        assertThat(Files.readString(file)).startsWith("graph read ").doesNotContain(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void S5_what_another_process_changes_counts_at_once() throws Exception {
        var others = new ProgramTokens(data.resolve("tokens"));
        var token = others.create("graph", Scope.READ);
        assertThat(tokens.scope(token)).contains(Scope.READ);
        assertThat(tokens.list()).extracting("name").containsExactly("graph");

        assertThat(others.remove("graph")).isTrue();

        assertThat(tokens.scope(token)).isEmpty();
        assertThat(tokens.remove("graph")).isFalse();
    }

    @Test
    void S5_nobody_else_becomes_administrator() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tokens.create("me", Scope.ADMINISTRATOR));
        assertThatIllegalArgumentException().isThrownBy(() -> tokens.create("me", Scope.NOBODY));
        var token = tokens.create("graph", Scope.READ);
        var file = data.resolve("tokens/programs");
        Files.writeString(file, Files.readString(file).replace(" read ", " administrator "));

        assertThat(tokens.scope(token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nfeed", "../up", "ü", "a:b"})
    void a_name_is_one_plain_word(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> tokens.create(name, Scope.READ));
    }

    @Test
    void a_name_has_one_token() throws Exception {
        tokens.create("graph", Scope.READ);

        assertThatIllegalArgumentException().isThrownBy(() -> tokens.create("graph", Scope.READ));
    }
}
