package dev.capstan.itest.fshare;

import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.fshare.fake.FakeFshare;
import dev.capstan.itest.Capstan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Configures a host for the fake as an operator does for the service. */
public final class Operator {
    private static final String PID = "dev.capstan.host.fshare:";

    private final Capstan capstan;
    private final FakeFshare fake;

    public Operator(Capstan capstan, FakeFshare fake) throws IOException {
        this.capstan = capstan;
        this.fake = fake;
        var secrets = capstan.data().resolve("secrets");
        Files.createDirectories(capstan.data());
        Files.createDirectory(
                secrets,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        keep("fshare-password", FakeAccount.PASSWORD);
        keep("fshare-app-key", FakeAccount.APP_KEY);
    }

    /** Writes a secret as an editor would. */
    void keep(String name, String secret) throws IOException {
        var file = capstan.data().resolve("secrets").resolve(name);
        Files.writeString(file, secret + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** The options a host needs to speak with the fake; more words may follow. */
    public String[] options(String... more) {
        var options = new ArrayList<String>();
        for (var setting :
                List.of(
                        "email=" + FakeAccount.EMAIL,
                        "password=file:fshare-password",
                        "appKey=file:fshare-app-key",
                        "userAgent=" + FakeAccount.USER_AGENT,
                        "apiUrl=" + fake.apiUrl(),
                        "folderUrl=" + fake.folderUrl(),
                        "deliveryHosts=" + fake.deliveryUrl().getHost(),
                        "callSpacing=1 ms")) {
            options.add("--set");
            options.add(PID + setting);
        }
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }
}
