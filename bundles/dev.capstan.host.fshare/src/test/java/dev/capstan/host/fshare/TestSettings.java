package dev.capstan.host.fshare;

import dev.capstan.host.fshare.fake.FakeAccount;
import dev.capstan.host.fshare.fake.FakeFshare;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The configuration of a test: all as it is by default, but for where the service is. */
final class TestSettings {
    private String email = FakeAccount.EMAIL;
    private String password = FakeAccount.PASSWORD;
    private String appKey = FakeAccount.APP_KEY;
    private String userAgent = FakeAccount.USER_AGENT;
    private URI apiUrl;
    private URI folderUrl;
    private List<String> deliveryHosts;
    private int depth = 5;
    private int pages = 200;
    private int entries = 10_000;

    TestSettings(FakeFshare fake) {
        apiUrl = fake.apiUrl();
        folderUrl = fake.folderUrl();
        deliveryHosts = List.of(fake.deliveryUrl().getHost());
    }

    TestSettings password(String value) {
        password = value;
        return this;
    }

    TestSettings without(String what) {
        switch (what) {
            case "email" -> email = "";
            case "password" -> password = "";
            case "appKey" -> appKey = "";
            default -> userAgent = "";
        }
        return this;
    }

    TestSettings withoutAccount() {
        return without("email").without("password").without("appKey").without("userAgent");
    }

    TestSettings userAgent(String value) {
        userAgent = value;
        return this;
    }

    TestSettings apiUrl(URI value) {
        apiUrl = value;
        return this;
    }

    TestSettings deliveryHosts(String... values) {
        deliveryHosts = List.of(values);
        return this;
    }

    TestSettings limits(int maxDepth, int maxPages, int maxEntries) {
        depth = maxDepth;
        pages = maxPages;
        entries = maxEntries;
        return this;
    }

    Settings build() {
        return new Settings(
                email,
                password,
                appKey,
                userAgent,
                apiUrl,
                folderUrl,
                Set.of("fshare.vn", "www.fshare.vn"),
                deliveryHosts,
                Duration.ofMillis(500),
                3,
                Duration.ofHours(6),
                50,
                depth,
                pages,
                entries,
                new Phrases("daily limit", "vuot qua gioi han"),
                new Phrases("suspended", "bi khoa"),
                new Phrases("password", "mat khau"));
    }
}
