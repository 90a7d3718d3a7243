package dev.capstan.transfer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.download.DownloadException.Detail;
import dev.capstan.download.ErrorClass;
import dev.capstan.download.Trust;
import dev.capstan.net.spi.OutboundHttp.Policy;
import dev.capstan.net.spi.OutboundRequest;
import dev.capstan.tck.Body;
import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import dev.capstan.transfer.http.wire.Proxies;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("8: credentials and who gets them")
class AuthenticationTest {
    private static final Body BODY = Body.random(2_000_000, 8);
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^,\\s]+))");

    @TempDir Path folder;

    private final Origin origin = Origin.plain();
    private final Origin secure = Origin.tls();
    private Rig rig;

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
        origin.close();
        secure.close();
    }

    // ---- Basic

    @Test
    void onPlainHttpBasicWaitsUntilItIsAskedFor() throws Exception {
        origin.serve("/f", basic("me:s3cret"));

        open().fetch(link("me:s3cret@", "/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.log().get(0).header("authorization")).isEmpty();
        assertThat(origin.log()).hasSize(2);
    }

    @Test
    void overTlsBasicIsSentAtOnce() throws Exception {
        secure.serve("/f", basic("me:s3cret"));

        open().fetch(secureLink("me:s3cret@", "/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(secure.log()).hasSize(1);
    }

    @Test
    void aSchemeThatIsNotKnownGetsNothing() throws Exception {
        origin.serve(
                "/f",
                exchange -> exchange.answer(401, "", "WWW-Authenticate: Negotiate, NTLM abc=="));

        var failure = open().failure(link("me:s3cret@", "/f"));

        assertThat(failure.errorClass()).isEqualTo(ErrorClass.ACCOUNT);
        assertThat(failure.detail()).isEqualTo(Detail.UNAUTHORIZED);
        assertThat(origin.log()).hasSize(1);
    }

    @Test
    void aWrongPasswordIsNotTriedAgain() throws Exception {
        origin.serve("/basic", basic("me:right"));
        origin.serve("/digest", new Digest("MD5", "auth", Integer.MAX_VALUE));

        open().failure(link("me:wrong@", "/basic"));
        assertThat(origin.log()).hasSize(2);

        var failure = rig.failure(link("me:wrong@", "/digest"));
        assertThat(failure.detail()).isEqualTo(Detail.UNAUTHORIZED);
        assertThat(origin.log()).hasSize(4);
    }

    // ---- Digest

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, auth",
                "MD5, 'auth-int,auth'",
                "SHA-256, auth",
                "SHA-512-256, auth",
                "MD5-sess, auth",
                "SHA-256-sess, auth",
                "MD5, -"
            })
    void answersADigest(String algorithm, String quality) throws Exception {
        origin.serve("/f", new Digest(algorithm, quality, Integer.MAX_VALUE));

        open().connections(4).fetch(link("me:s3cret@", "/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(origin.log())
                .filteredOn(asked -> asked.status() == 401)
                .as("what one connection learned, the others know")
                .hasSize(1);
    }

    @Test
    void aNonceThatIsStaleIsReplaced() throws Exception {
        var digest = new Digest("SHA-256", "auth", 1);
        origin.serve(
                "/f",
                exchange -> {
                    exchange.cutAfter(600_000);
                    digest.handle(exchange);
                });

        open().fetch(link("me:s3cret@", "/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
        assertThat(digest.nonces.get()).isGreaterThan(2);
    }

    @Test
    void theBestThatIsOfferedIsTaken() throws Exception {
        var digest = new Digest("SHA-256", "auth", Integer.MAX_VALUE);
        digest.others = "Basic realm=\"x, y\", Digest realm=\"r\", nonce=\"n\", qop=\"auth\", ";
        secure.serve("/f", digest);
        origin.serve("/f", digest);

        open().fetch(link("me:s3cret@", "/f"));

        assertThat(origin.log().get(1).header("authorization").orElse(""))
                .startsWith("Digest ")
                .contains("algorithm=SHA-256")
                .doesNotContain("s3cret");
    }

    @Test
    void whoTookADigestDoesNotGetThePassword() throws Exception {
        var digest = new Digest("MD5", "auth", Integer.MAX_VALUE);
        origin.serve(
                "/f",
                exchange -> {
                    if (exchange.number() < 3) {
                        exchange.cutAfter(600_000);
                        digest.handle(exchange);
                    } else {
                        exchange.answer(401, "", "WWW-Authenticate: Basic realm=\"x\"");
                    }
                });

        open().failure(link("me:s3cret@", "/f"));

        assertThat(origin.log())
                .noneMatch(asked -> asked.header("authorization").orElse("").startsWith("Basic"));
    }

    @Test
    void aHeaderIsSentAsItIsAndServesForADigestToo() throws Exception {
        var value = "Basic " + base64("me:s3cret");
        origin.serve("/basic", basic("me:s3cret"));
        origin.serve("/digest", new Digest("MD5", "auth", Integer.MAX_VALUE));
        var headers = Map.of("authorization", value);

        Rig.await(open().start(headers, link("", "/basic")));
        assertThat(origin.log()).hasSize(1);
        rig.close();

        Rig.await(open().start(headers, link("", "/digest")));
        assertThat(origin.log()).hasSize(3);
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void aPluginsUserInformationIsUsedToo() throws Exception {
        origin.serve("/f", new Digest("SHA-256", "auth", Integer.MAX_VALUE));
        open();
        var uri = URI.create("http://me:s3cret@a.public:" + origin.port() + "/f?x=1");
        var request = new OutboundRequest("GET", uri, Map.of(), null, 10_000_000);

        var answer = rig.engine.client(Policy.DEFAULT).send(request);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.uri().getUserInfo()).isNull();
    }

    // ---- redirects

    @Test
    void credentialsStayAtHomeAndAreNotGivenBackOnTheWay() throws Exception {
        origin.serve(
                "/f",
                exchange -> {
                    if (exchange.header("authorization").isEmpty()) {
                        exchange.answer(401, "", "WWW-Authenticate: Basic realm=\"x\"");
                    } else {
                        exchange.answer(302, "", "Location: " + at("b.public", "/away"));
                    }
                });
        origin.serve(
                "/away",
                exchange -> exchange.answer(302, "", "Location: " + at("a.public", "/home")));
        origin.serve("/home", Resource.of(BODY));

        open().fetch(link("me:s3cret@", "/f"));

        var log = origin.log();
        assertThat(log.get(1).header("authorization")).isPresent();
        assertThat(log.get(2).header("authorization")).isEmpty();
        assertThat(log.get(3).header("authorization")).isEmpty();
    }

    // ---- netrc

    @Test
    void theNetrcFileServesTheOperatorsLinks() throws Exception {
        origin.serve("/f", basic("me:s3cret"));

        open("machine a.public login me password s3cret\n", "rw-------").fetch(link("", "/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void theNetrcFileServesNobodyElse() throws Exception {
        origin.serve("/f", basic("me:s3cret"));
        open("machine a.public login me password s3cret\n", "rw-------").trust(Trust.NETWORK);

        assertThat(rig.failure(link("", "/f")).detail()).isEqualTo(Detail.UNAUTHORIZED);
        assertThat(
                        rig.engine
                                .client(Policy.DEFAULT)
                                .send(OutboundRequest.get(link("", "/f")))
                                .status())
                .isEqualTo(401);
    }

    @Test
    void aNetrcFileThatOthersCanReadIsNotUsed() throws Exception {
        origin.serve("/f", basic("me:s3cret"));

        open("machine a.public login me password s3cret\n", "rw-r-----");

        assertThat(rig.failure(link("", "/f")).detail()).isEqualTo(Detail.UNAUTHORIZED);
    }

    @Test
    void aNameInTheLinkFindsItsPasswordInTheNetrcFile() throws Exception {
        origin.serve("/f", basic("you:two"));

        open(
                        "machine a.public login me password one machine a.public login you password two",
                        "rw-------")
                .fetch(link("you@", "/f"));

        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void behindARedirectTheNetrcFileCountsOverTlsOnly() throws Exception {
        origin.serve(
                "/secure",
                exchange -> exchange.answer(302, "", "Location: " + secureLink("", "/login")));
        secure.serve("/login", basic("me:s3cret"));
        origin.serve(
                "/plain", exchange -> exchange.answer(302, "", "Location: " + at("b.test", "/f")));
        origin.serve("/f", basic("me:s3cret"));

        open(
                "machine origin.test login me password s3cret\n"
                        + "machine b.test login me password s3cret\n",
                "rw-------");
        assertThat(rig.failure(at("a.test", "/plain")).detail()).isEqualTo(Detail.UNAUTHORIZED);
        assertThat(origin.log()).noneMatch(asked -> asked.header("authorization").isPresent());
        rig.fetch(at("a.test", "/secure"));
        assertThat(rig.ingest.bytes()).isEqualTo(BODY.bytes());
    }

    @Test
    void thePasswordOfTheNetrcFileIsNotGivenBackOnTheWayHome() throws Exception {
        secure.serve(
                "/f", exchange -> exchange.answer(302, "", "Location: " + secure.uri("/away")));
        secure.serve(
                "/away",
                exchange -> exchange.answer(302, "", "Location: " + secureLink("", "/home")));
        secure.serve("/home", Resource.of(BODY));

        open("machine origin.test login me password s3cret\n", "rw-------")
                .fetch(secureLink("", "/f"));

        assertThat(secure.log())
                .extracting(asked -> asked.header("authorization").isPresent())
                .containsExactly(true, false, false);
    }

    @Test
    void theEntryForAllOthersIsForNoRedirect() throws Exception {
        origin.serve(
                "/secure",
                exchange -> exchange.answer(302, "", "Location: " + secureLink("", "/login")));
        secure.serve("/login", basic("me:s3cret"));

        open("default login me password s3cret\n", "rw-------").failure(at("a.test", "/secure"));

        assertThat(secure.log()).noneMatch(asked -> asked.header("authorization").isPresent());
    }

    // ---- the world

    private Rig open() {
        rig = new Rig(folder, Rig.QUICK);
        return rig;
    }

    private Rig open(String netrc, String rights) throws IOException {
        var file = folder.resolve("netrc");
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, netrc);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
        rig = new Rig(folder, Rig.outside(Proxies.NONE, Map.of(), file));
        return rig;
    }

    private URI link(String user, String path) {
        return at(user + "a.public", path);
    }

    private URI secureLink(String user, String path) {
        return URI.create("https://" + user + "origin.test:" + secure.port() + path);
    }

    private URI at(String host, String path) {
        return URI.create("http://" + host + ":" + origin.port() + path);
    }

    private static Handler basic(String credentials) {
        var file = Resource.of(BODY);
        return exchange -> {
            var wanted = "Basic " + base64(credentials);
            if (exchange.header("authorization").filter(wanted::equals).isPresent()) {
                file.handle(exchange);
            } else {
                exchange.answer(401, "no", "WWW-Authenticate: Basic realm=\"here\"");
            }
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A server's side of RFC 7616, for me:s3cret; each nonce is good for some requests. */
    private static final class Digest implements Handler {
        private final String algorithm;
        private final String quality;
        private final int uses;
        private final AtomicInteger nonces = new AtomicInteger();
        private final Resource file = Resource.of(BODY);
        private String others = "";
        private int used;

        Digest(String algorithm, String quality, int uses) {
            this.algorithm = algorithm;
            this.quality = quality;
            this.uses = uses;
        }

        @Override
        public void handle(Exchange exchange) throws IOException {
            var field = exchange.header("authorization").orElse("");
            if (!field.startsWith("Digest ")) {
                challenge(exchange, "");
            } else if (!isRight(exchange, field)) {
                challenge(exchange, ", stale=false");
            } else if (isUsedUp(field)) {
                challenge(exchange, ", stale=true");
            } else {
                file.handle(exchange);
            }
        }

        private synchronized boolean isUsedUp(String field) {
            return !field.contains("\"nonce" + nonces.get() + "\"") || used++ >= uses;
        }

        private synchronized void challenge(Exchange exchange, String more) throws IOException {
            used = 0;
            exchange.answer(
                    401,
                    "",
                    "WWW-Authenticate: "
                            + others
                            + "Digest realm=\"a \\\"b\\\"\", nonce=\"nonce"
                            + nonces.incrementAndGet()
                            + "\", opaque=\"o\""
                            + (algorithm == null ? "" : ", algorithm=" + algorithm)
                            + (quality == null ? "" : ", qop=\"" + quality + "\"")
                            + more);
        }

        private boolean isRight(Exchange exchange, String field) {
            var sent = new HashMap<String, String>();
            var matcher = PARAMETER.matcher(field.replace("\\\"", "'"));
            while (matcher.find()) {
                sent.put(
                        matcher.group(1),
                        matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
            }
            var secret = hash("me:a \"b\":s3cret");
            if (algorithm != null && algorithm.endsWith("-sess")) {
                secret = hash(secret + ":" + sent.get("nonce") + ":" + sent.get("cnonce"));
            }
            var last = hash(exchange.method() + ":" + exchange.target());
            var middle = sent.get("nonce");
            if (quality != null) {
                middle += ":" + sent.get("nc") + ":" + sent.get("cnonce") + ":" + sent.get("qop");
            }
            return hash(secret + ":" + middle + ":" + last).equals(sent.get("response"))
                    && "me".equals(sent.get("username"))
                    && "a 'b'".equals(sent.get("realm"))
                    && "o".equals(sent.get("opaque"))
                    && exchange.target().equals(sent.get("uri"));
        }

        private String hash(String text) {
            var name = algorithm == null ? "MD5" : algorithm.replace("-sess", "");
            try {
                var digest =
                        MessageDigest.getInstance(
                                name.equals("SHA-512-256") ? "SHA-512/256" : name);
                return HexFormat.of()
                        .formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
