package dev.capstan.admin.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.text.Style;
import dev.capstan.health.HealthCheck.Finding;
import dev.capstan.health.HealthCheck.Level;
import dev.capstan.name.DataFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir private Path folder;

    @Test
    void aHealthyFolderIsWell() throws Exception {
        var findings = new DataFolderCheck(new DataFolder(folder)).check(true);
        assertThat(findings.subList(0, 3)).allMatch(finding -> finding.level() == Level.OK);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsGoneIsToldWithWhatToDo() {
        var gone = new DataFolder(folder.resolve("gone"));
        var findings = new DataFolderCheck(gone).check(true);
        assertThat(findings.get(0).level()).isEqualTo(Level.FAILED);
        assertThat(findings.get(0).message()).contains("gone cannot be written");
        assertThat(findings.get(0).remedy()).contains("--data");
        assertThat(findings.get(1).level()).isEqualTo(Level.FAILED);
    }

    @Test
    void aClockThatWasSetBackIsNoticed() throws Exception {
        Files.createDirectory(folder.resolve("db"));
        var later = Instant.now().plus(Duration.ofDays(1));
        Files.setLastModifiedTime(folder.resolve("db"), FileTime.from(later));
        var findings = new DataFolderCheck(new DataFolder(folder)).check(true);
        assertThat(findings.get(2).level()).isEqualTo(Level.FAILED);
        assertThat(findings.get(2).message()).contains("before files here were written");
    }

    @Test
    void namesThatDownloadsLeadToAreLookedUp() {
        var names = new NameCheck(() -> List.of("localhost", "no-such-name.invalid"));
        var findings = names.check(true);
        assertThat(findings.get(0).level()).isEqualTo(Level.OK);
        assertThat(findings.get(1).level()).isEqualTo(Level.WARNING);
        assertThat(findings.get(1).message()).isEqualTo("no-such-name.invalid is not resolved.");
        assertThat(names.check(false)).hasSize(1).allMatch(f -> f.level() == Level.OK);
    }

    @Test
    void findingsAreShownWithWhatToDo() {
        var diagnosis =
                new Diagnosis(
                        List.of(
                                new Doctor.Result("store", Finding.ok("It is fine.")),
                                new Doctor.Result("x", Finding.failed("It broke.", "Mend it."))));
        assertThat(diagnosis.render(0, Style.PLAIN))
                .isEqualTo(
                        """
                        well     store  It is fine.
                        broken   x      It broke.
                                        > Mend it.
                        """);
    }
}
