package dev.capstan.transfer.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetrcTest {
    @TempDir Path folder;

    private final Netrc netrc = new Netrc();

    @Test
    void findsHostsInAnyFormOfTheFile() throws Exception {
        var file =
                write(
                        """
                        # machine no login no password no
                        machine a.test login one password p1 account x
                        machine B.test
                            login two
                            password "p \\"2\\""
                        macdef init
                            machine c.test login no password no

                        machine c.test password p3
                        machine d.test login only
                        machine e.test login #e password #p
                        default login anybody password p4
                        machine late.test login late password p5
                        """);

        assertThat(netrc.find(file, "a.test", null, true)).isEqualTo(new Login("one", "p1"));
        assertThat(netrc.find(file, "b.test", null, true)).isEqualTo(new Login("two", "p \"2\""));
        assertThat(netrc.find(file, "c.test", "me", false)).isEqualTo(new Login("me", "p3"));
        assertThat(netrc.find(file, "c.test", null, false)).isNull();
        assertThat(netrc.find(file, "d.test", null, false)).isNull();
        assertThat(netrc.find(file, "e.test", null, true)).isEqualTo(new Login("#e", "#p"));
        assertThat(netrc.find(file, "x.test", null, true)).isEqualTo(new Login("anybody", "p4"));
        assertThat(netrc.find(file, "x.test", null, false)).isNull();
        assertThat(netrc.find(file, "a.test", "two", false)).isNull();
        assertThat(netrc.find(file, "no", null, false)).isNull();
        assertThat(netrc.find(file, "late.test", null, false)).isEqualTo(new Login("late", "p5"));
    }

    @Test
    void anIncompleteFileIsNoTrouble() throws Exception {
        for (var text :
                new String[] {"", "machine", "login", "machine a.test login", "\"", "macdef"}) {
            assertThat(netrc.find(write(text), "a.test", null, true)).isNull();
        }
        assertThat(netrc.find(folder.resolve("none"), "a.test", null, true)).isNull();
    }

    @Test
    void isReadAgainWhenItChanges() throws Exception {
        var file = write("machine a.test login me password 1");
        assertThat(netrc.find(file, "a.test", null, true)).isEqualTo(new Login("me", "1"));

        write("machine a.test login me password other");
        assertThat(netrc.find(file, "a.test", null, true)).isEqualTo(new Login("me", "other"));
    }

    @Test
    void isNotUsedWhereOthersMayRead() throws Exception {
        var file = write("machine a.test login me password 1");

        for (var rights : new String[] {"rw----r--", "rw-r-----", "rw--w----"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
            assertThat(netrc.find(file, "a.test", null, true)).isNull();
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(netrc.find(file, "a.test", null, true)).isNotNull();
    }

    private Path write(String text) throws IOException {
        var file = folder.resolve("netrc");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
