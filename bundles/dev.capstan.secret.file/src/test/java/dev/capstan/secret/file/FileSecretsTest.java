package dev.capstan.secret.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSecretsTest {
    private static final String CANARY = "canary-5f1c";

    @TempDir Path data;
    private Path folder;
    private FileSecrets secrets;

    @BeforeEach
    void start() {
        folder = data.resolve("secrets");
        secrets = new FileSecrets(folder, Map.of("TOKEN", "from outside", "EMPTY", "")::get);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s", "", "two\nlines\n", "\n", "ends with\r", "p@ss: wörd €😀"})
    void S7_what_is_put_is_got(String secret) throws Exception {
        var reference = secrets.put("api.key_1-x", secret);
        assertThat(reference).isEqualTo("file:api.key_1-x");
        assertThat(secrets.get(reference)).contains(secret);
        assertThat(new FileSecrets(folder, name -> null).get(reference)).contains(secret);
    }

    @Test
    void S7_a_file_is_0600_and_its_folder_0700() throws Exception {
        secrets.put("a", CANARY);
        assertThat(modeOf(folder)).isEqualTo("rwx------");
        assertThat(modeOf(folder.resolve("a"))).isEqualTo("rw-------");
        secrets.put("a", "another");
        assertThat(modeOf(folder.resolve("a"))).isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("a"));
    }

    @Test
    void S7_nothing_is_made_before_something_is_put() throws Exception {
        assertThat(secrets.get("file:a")).isEmpty();
        secrets.remove("file:a");
        assertThat(folder).doesNotExist();
    }

    @Test
    void S7_the_environment_is_read_by_reference() throws Exception {
        assertThat(secrets.get("env:TOKEN")).contains("from outside");
        assertThat(secrets.get("env:EMPTY")).isEmpty();
        assertThat(secrets.get("env:NONE")).isEmpty();
        secrets.remove("env:TOKEN");
        assertThat(secrets.get("env:TOKEN")).contains("from outside");
    }

    @Test
    void S7_any_other_text_is_itself_the_secret() throws Exception {
        assertThat(secrets.get("hunter2")).contains("hunter2");
        assertThat(secrets.get("https://h:1")).contains("https://h:1");
        secrets.remove("hunter2");
    }

    @Test
    void S7_what_an_operator_wrote_with_a_line_end_is_read_without() throws Exception {
        secrets.put("a", "old");
        Files.writeString(folder.resolve("a"), "by hand\n");
        assertThat(secrets.get("file:a")).contains("by hand");
        Files.writeString(folder.resolve("a"), "by hand");
        assertThat(secrets.get("file:a")).contains("by hand");
    }

    @Test
    void S7_what_is_removed_is_gone() throws Exception {
        var reference = secrets.put("a", CANARY);
        secrets.remove(reference);
        assertThat(secrets.get(reference)).isEmpty();
        assertThat(folder).isEmptyDirectory();
        secrets.remove(reference);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx", "rwx------"})
    void S7_a_file_with_wider_rights_is_refused_with_its_path(String mode) throws Exception {
        secrets.put("a", CANARY);
        var file = folder.resolve("a");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertRefused(() -> secrets.get("file:a"), file, mode, "chmod 600");
        secrets.put("a", "written anew");
        assertThat(secrets.get("file:a")).contains("written anew");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx--x---", "rwxr-xr-x", "rwx---rwx"})
    void S7_a_folder_with_wider_rights_is_refused_with_its_path(String mode) throws Exception {
        secrets.put("a", CANARY);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
        assertRefused(() -> secrets.get("file:a"), folder, mode, "chmod 700");
        assertRefused(() -> secrets.put("b", CANARY), folder, mode, "chmod 700");
        assertThat(folder.resolve("b")).doesNotExist();
    }

    @Test
    void S7_a_symbolic_link_is_not_followed_to_a_secret() throws Exception {
        secrets.put("a", CANARY);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
        assertRefused(() -> secrets.get("file:link"), folder.resolve("link"), "symbolic");
    }

    @Test
    void S7_a_symbolic_link_is_replaced_and_its_target_untouched() throws Exception {
        secrets.put("a", "a");
        var victim = Files.writeString(data.resolve("victim"), "untouched");
        Files.createSymbolicLink(folder.resolve("link"), victim);
        secrets.put("link", CANARY);
        assertThat(victim).hasContent("untouched");
        assertThat(Files.isRegularFile(folder.resolve("link"), NOFOLLOW_LINKS)).isTrue();
        Files.createSymbolicLink(folder.resolve("other"), victim);
        secrets.remove("file:other");
        assertThat(victim).hasContent("untouched");
    }

    @Test
    void S7_a_folder_that_is_a_symbolic_link_is_refused() throws Exception {
        Files.createSymbolicLink(folder, Files.createDirectory(data.resolve("elsewhere")));
        assertRefused(() -> secrets.get("file:a"), folder, "symbolic");
        assertRefused(() -> secrets.put("a", CANARY), folder, "symbolic");
        assertThat(data.resolve("elsewhere")).isEmptyDirectory();
    }

    @Test
    void S7_what_is_no_file_is_refused() throws Exception {
        secrets.put("a", "a");
        Files.createDirectory(folder.resolve("sub"));
        assertRefused(() -> secrets.get("file:sub"), folder.resolve("sub"), "must be a file");
        assertThatIOException().isThrownBy(() -> secrets.put("sub", CANARY));
        assertThat(folder).isDirectoryContaining("glob:**/sub");
        assertThat(folder).isDirectoryNotContaining("glob:**~*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../a",
                "/etc/passwd",
                "a/b",
                "a\\b",
                "a b",
                "a~b",
                "é",
                "a\n",
                "a\u0000",
                "%2e%2e"
            })
    void S7_a_name_of_another_form_is_refused_and_not_repeated(String name) {
        assertThatIOException()
                .isThrownBy(() -> secrets.get("file:" + name))
                .withMessage(
                        "The name of a secret is 1 to 100 letters, digits, dots, hyphens or"
                                + " underscores; this one is not");
        assertThatIOException().isThrownBy(() -> secrets.put(name, CANARY));
        assertThatIOException().isThrownBy(() -> secrets.remove("file:" + name));
        assertThat(folder).doesNotExist();
    }

    @Test
    void S7_a_name_has_at_most_100_characters() throws Exception {
        assertThat(secrets.put("n".repeat(100), "s")).endsWith("n");
        assertThatIOException().isThrownBy(() -> secrets.put("n".repeat(101), "s"));
    }

    @Test
    void S7_what_cannot_be_written_as_it_is_leaves_the_old_secret() throws Exception {
        secrets.put("a", "old");
        for (var impossible : new String[] {CANARY + "\uD800", CANARY.repeat(10_000)}) {
            assertThatIOException()
                    .isThrownBy(() -> secrets.put("a", impossible))
                    .satisfies(e -> assertNoSecret(e));
        }
        assertThat(secrets.get("file:a")).contains("old");
    }

    @Test
    void S7_what_is_too_large_or_no_text_is_refused() throws Exception {
        secrets.put("a", CANARY);
        Files.write(folder.resolve("a"), (CANARY + "\u00FF").getBytes("ISO-8859-1"));
        assertRefused(() -> secrets.get("file:a"), folder.resolve("a"), "UTF-8");
        Files.write(folder.resolve("a"), CANARY.repeat(10_000).getBytes(UTF_8));
        assertRefused(() -> secrets.get("file:a"), folder.resolve("a"), "too large");
    }

    @Test
    void S7_an_interrupted_write_leaves_the_old_secret_and_nothing_else() throws Exception {
        secrets.put("a", "old");
        Thread.currentThread().interrupt();
        assertThatIOException().isThrownBy(() -> secrets.put("a", CANARY));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(secrets.get("file:a")).contains("old");
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("a"));
    }

    @Test
    void S7_what_a_killed_process_left_is_removed_and_nothing_else() throws Exception {
        secrets.put("a", "old");
        var left = Files.writeString(folder.resolve("a~" + UUID.randomUUID()), CANARY);
        var backup = Files.writeString(folder.resolve("a~"), "of an editor");
        var restarted = new FileSecrets(folder, name -> null);
        assertThat(left).doesNotExist();
        assertThat(backup).exists();
        assertThat(restarted.get("file:a")).contains("old");
    }

    @Test
    void S7_many_writers_and_readers_see_whole_secrets() throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        try {
            var calls = new ArrayList<Callable<String>>();
            for (var n = 0; n < 64; n++) {
                var secret = Character.toString('a' + n % 8).repeat(5_000);
                calls.add(() -> secrets.put("shared", secret));
                calls.add(() -> secrets.get("file:shared").orElse("aa"));
            }
            for (var result : threads.invokeAll(calls)) {
                assertThat(result.get()).matches("file:shared|(.)\\1+");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("shared"));
    }

    private static void assertRefused(Callable<?> call, Path path, String... words) {
        assertThatIOException()
                .isThrownBy(call::call)
                .withMessageContaining(path.toString())
                .withMessageContainingAll(words)
                .satisfies(e -> assertNoSecret(e));
    }

    private static void assertNoSecret(IOException e) {
        assertThat(e).hasStackTraceContaining("IOException");
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause.getMessage())).doesNotContain(CANARY);
        }
    }

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, NOFOLLOW_LINKS));
    }
}
