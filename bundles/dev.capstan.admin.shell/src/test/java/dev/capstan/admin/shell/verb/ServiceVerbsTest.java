package dev.capstan.admin.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.admin.shell.host.Scripted;
import dev.capstan.admin.shell.host.TestHost;
import dev.capstan.content.Content;
import dev.capstan.content.Contents;
import dev.capstan.content.Digest;
import dev.capstan.content.SourceKey;
import dev.capstan.content.Validator;
import dev.capstan.feature.BundleInfo;
import dev.capstan.feature.FeatureException;
import dev.capstan.feature.FeatureInfo;
import dev.capstan.feature.Features;
import dev.capstan.host.Account;
import dev.capstan.host.AccountField;
import dev.capstan.host.HostInfo;
import dev.capstan.host.Hosts;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.util.promise.Promises;

class ServiceVerbsTest {
    private static final String[] LINE = {"accounts", "set", "fshare", "-"};
    @TempDir private Path folder;
    private final List<String> calls = new ArrayList<>();
    private TestHost host;

    @BeforeEach
    void startHost() {
        host = new TestHost(folder);
    }

    @Test
    void hostsAreListedAndReleased() throws Exception {
        var account =
                new Account(
                        Account.State.INVALID, "a***", null, null, -1, "Log in again.", Map.of());
        var checked = new AtomicReference<>(account);
        var list =
                List.of(
                        info("direct", null, null),
                        info("fshare", "the password is wrong", account));
        host.give(
                Scripted.of(
                        Hosts.class,
                        (name, words) ->
                                switch (name) {
                                    case "list" -> list;
                                    case "checkAccount" -> Promises.resolved(checked.get());
                                    default -> calls.add("release " + words[0]);
                                }));

        assertThat(run(0, "hosts"))
                .isEqualTo(
                        """
                        HOST    STATE                        ACTIVE  BUNDLE   LINKS
                        direct  ready                             2  b 1.0.0  http, https
                        fshare  held: the password is wrong       2  b 1.0.0  http, https
                        """);
        assertThat(err(24, "hosts", "--release", "fshare"))
                .isEqualTo(
                        "capstan: The downloads of fshare stay held: its account does not work:"
                                + " Log in again.\n");
        checked.set(new Account(Account.State.OK, "a***", null, null, -1, null, Map.of()));
        run(0, "hosts", "--release", "fshare", "--release", "direct");
        assertThat(calls).containsExactly("release fshare", "release direct");
    }

    @Test
    void accountsAreListedSetCheckedAndRemoved() throws Exception {
        host.give(Scripted.of(Hosts.class, this::hosts));

        assertThat(run(0, "accounts"))
                .isEqualTo(
                        """
                        HOST    STATE    NAME              KIND  UNTIL           LEFT  NOTE
                        fshare  invalid  a***@example.org  VIP   2030-01-02  5.00 MiB  The password is wrong.
                        """);
        assertThat(err(24, "accounts", "check", "fshare")).isEmpty();
        run(0, "accounts", "rm", "fshare");
        assertThat(err(1, "accounts", "set", "direct"))
                .isEqualTo("capstan: Host \"direct\" has no account that can be set.\n");
        assertThat(calls).containsExactly("check fshare", "remove fshare");
    }

    @Test
    void s7_anAccountIsAskedForWithItsSecretsHidden() throws Exception {
        host.give(Scripted.of(Hosts.class, this::hosts));
        var asked = new ArrayList<String>();
        host.questions =
                (prompt, hidden) -> {
                    asked.add(prompt + hidden);
                    return prompt.contains("email") ? "" : " marked ";
                };

        assertThat(run(0, "accounts", "set", "fshare")).contains("kept").doesNotContain("marked");
        assertThat(asked).containsExactly("fshare email: false", "fshare password: true");
        assertThat(calls).containsExactly("set fshare {password=marked}");
    }

    @Test
    void s7_anAccountIsReadFromStandardInputAndNeverFromTheCommandLine() throws Exception {
        host.give(Scripted.of(Hosts.class, this::hosts));

        var call = host.start(folder, "# mine\nemail=a@b\npassword=m=rked\n", 0, LINE);
        assertThat(call.exit()).as(call.err()).isZero();
        assertThat(calls).containsExactly("set fshare {email=a@b, password=m=rked}");
        var bad = host.start(folder, "email=a@b\nmarked\n", 0, LINE);
        assertThat(bad.exit()).isEqualTo(28);
        assertThat(bad.err()).isEqualTo("capstan: Line 2 is not NAME=VALUE.\n");
        assertThat(err(28, "accounts", "set", "fshare", "password=marked"))
                .contains("do not belong on a command line")
                .doesNotContain("marked");
        assertThat(err(1, "accounts", "set", "fshare")).contains("no answer");
        assertThat(calls).hasSize(1);
    }

    private Object hosts(String name, Object[] words) {
        var account =
                new Account(
                        Account.State.INVALID,
                        "a***@example.org",
                        "VIP",
                        Instant.parse("2030-01-02T03:04:05Z"),
                        5 << 20,
                        "The password is wrong.",
                        Map.of());
        return switch (name) {
            case "list" -> List.of(info("direct", null, null), info("fshare", null, account));
            case "accountFields" ->
                    words[0].equals("fshare")
                            ? List.of(
                                    new AccountField("email", false),
                                    new AccountField("password", true))
                            : List.of();
            default -> {
                var values = words.length > 1 ? " " + new TreeMap<>((Map<?, ?>) words[1]) : "";
                calls.add(name.replace("Account", "") + " " + words[0] + values);
                yield Promises.resolved(account);
            }
        };
    }

    @Test
    void theStoreIsShownCheckedAndEvicted() throws Exception {
        var items = Stream.of("aa", "ab", "cd").map(start -> item(start + "0".repeat(62))).toList();
        host.give(Scripted.of(Contents.class, (name, words) -> contents(items, name, words)));

        assertThat(run(0, "cache")).contains("used         12.0 MiB of 1.00 GiB\n");
        assertThat(run(0, "cache", "ls").lines()).hasSize(4);
        assertThat(run(32, "cache", "verify")).isEqualTo("3 items checked, 1 damaged.\n");
        run(0, "cache", "evict", "cd");
        assertThat(calls).containsExactly("evict cd");
        assertThat(err(1, "cache", "evict", "a"))
                .isEqualTo("capstan: Several items have a digest that begins with \"a\".\n");
        assertThat(err(1, "cache", "evict", "ff"))
                .isEqualTo("capstan: No item has a digest that begins with \"ff\".\n");
        assertThat(err(1, "cache", "evict", "zz")).contains("No item has");
        assertThat(err(28, "cache", "verfiy"))
                .isEqualTo("capstan: cache cannot \"verfiy\"; did you mean verify?\n");
    }

    @Test
    void featuresAreListedAndChanged() throws Exception {
        host.give(Scripted.of(Features.class, this::features));

        assertThat(run(0, "features"))
                .isEqualTo(
                        """
                        FEATURE  VERSION  STATE    ORIGIN    BUNDLES  WHAT IT IS
                        core     0.1.0    started  built in        2  The core.
                        """);
        assertThat(run(0, "features", "-b")).contains("needs package x.y").contains("dev.a");
        run(0, "features", "update", "a", "b");
        assertThat(err(1, "features", "remove", "core"))
                .isEqualTo("capstan: core: It came with the host.\n");
        assertThat(err(28, "features", "updat", "a"))
                .isEqualTo("capstan: features cannot \"updat\"; did you mean update?\n");
        assertThat(run(0, "install", "x.jar", "https://h/y.jar"))
                .isEqualTo("Installed installed, installed.\n");
        assertThat(calls)
                .containsExactly(
                        "update a",
                        "update b",
                        "remove core",
                        "install " + folder.resolve("x.jar").toUri(),
                        "install https://h/y.jar");
    }

    private Object features(String name, Object[] words) {
        if (words != null) {
            calls.add(name + " " + words[0]);
        }
        return switch (name) {
            case "features" ->
                    List.of(
                            new FeatureInfo(
                                    "core",
                                    "Core",
                                    "0.1.0",
                                    "The core.",
                                    true,
                                    true,
                                    List.of("a", "b")));
            case "bundles" ->
                    List.of(
                            new BundleInfo(1, "dev.a", "1.0.0", "ACTIVE", "core", null, List.of()),
                            new BundleInfo(
                                    2,
                                    "dev.b",
                                    "1",
                                    "INSTALLED",
                                    "drop-in",
                                    "needs package x.y",
                                    List.of()));
            case "install" -> words[0] instanceof URI ? List.of("installed") : null;
            case "remove" ->
                    new FeatureException(
                            FeatureException.Reason.PROTECTED, "It came with the host.", null);
            default -> null;
        };
    }

    private Object contents(List<Content> items, String name, Object[] words) {
        return switch (name) {
            case "usage" -> new Contents.Usage(3, 12 << 20, 0, 0, 0, 1 << 30, 1 << 30);
            case "list" ->
                    items.stream()
                            .filter(i -> words[0] == null || after(i, (Digest) words[0]))
                            .limit((int) words[1])
                            .toList();
            case "find" -> Optional.empty();
            case "verify" -> !((Digest) words[0]).hex().startsWith("ab");
            case "evict" -> calls.add("evict " + ((Digest) words[0]).hex().substring(0, 2));
            default -> throw new AssertionError(name);
        };
    }

    private static boolean after(Content item, Digest digest) {
        return item.digest().hex().compareTo(digest.hex()) > 0;
    }

    private static Content item(String hex) {
        var digest = Digest.sha256(hex.substring(0, 63) + "1");
        var source = new SourceKey("direct", "http://h/" + hex.charAt(0));
        var now = Instant.EPOCH;
        return new Content(
                digest, 4, Path.of("/x"), now, now, source, Validator.NONE, null, Set.of());
    }

    private static HostInfo info(String id, String held, Account account) {
        return new HostInfo(
                id,
                "b",
                "1.0.0",
                Set.of("https", "http"),
                List.of(),
                true,
                2,
                null,
                held,
                account,
                0);
    }

    private String run(int exit, String... words) throws Exception {
        var call = host.start(folder, words);
        assertThat(call.exit()).as(call.err()).isEqualTo(exit);
        return call.out();
    }

    private String err(int exit, String... words) throws Exception {
        var call = host.start(folder, words);
        assertThat(call.exit()).isEqualTo(exit);
        return call.err();
    }
}
