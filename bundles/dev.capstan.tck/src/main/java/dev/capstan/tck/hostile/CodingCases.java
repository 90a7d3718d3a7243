package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.CHECKSUM;
import static dev.capstan.download.ErrorClass.DISK_FULL;
import static dev.capstan.download.ErrorClass.PROTOCOL;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.N;
import static dev.capstan.tck.hostile.Scripts.file;

import dev.capstan.tck.Handler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Content codings nobody asked for, and digests in fields (RFC 9530 and the older ones). */
final class CodingCases {
    private CodingCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        codings(cases);
        digests(cases);
        return cases;
    }

    private static void codings(List<HostileCase> cases) {
        var packed = Scripts.gzip(B.bytes());
        cases.add(
                new HostileCase(32, "gzip nobody asked for")
                        .then(gzip(packed))
                        .whole()
                        .fails(PROTOCOL));
        cases.add(
                new HostileCase(32, "a gzip bomb of 1 GiB")
                        .then(bomb())
                        .fails(PROTOCOL, DISK_FULL, CHECKSUM));
        var broken = packed.clone();
        Arrays.fill(broken, broken.length / 2, broken.length / 2 + 100, (byte) 0);
        cases.add(new HostileCase(32, "broken gzip").then(gzip(broken)).fails(PROTOCOL));
        cases.add(
                new HostileCase(32, "a file that is gzip is called gzip-coded")
                        .path("/f.tar.gz")
                        .then(file(B).header("Content-Encoding", "x-gzip"))
                        .whole());
    }

    private static Handler gzip(byte[] packed) {
        return exchange -> {
            exchange.head(
                    200,
                    "Content-Encoding: gzip",
                    "ETag: \"v1\"",
                    "Content-Length: " + packed.length);
            exchange.send(packed);
        };
    }

    /** Members of a gzip file follow each other, so one of them is enough. */
    private static Handler bomb() {
        var member = Scripts.gzip(new byte[1 << 20]);
        return exchange -> {
            exchange.head(
                    200,
                    "Content-Encoding: gzip",
                    "ETag: \"v1\"",
                    "Content-Length: " + 1024 * member.length);
            for (var i = 0; i < 1024; i++) {
                exchange.send(member);
            }
        };
    }

    private static void digests(List<HostileCase> cases) {
        var sha = Base64.getEncoder().encodeToString(B.digest("SHA-256"));
        var md5 = Base64.getEncoder().encodeToString(B.digest("MD5"));
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Repr-Digest", "sha-256=:" + sha + ":");
        fields.put("Digest", "SHA-256=" + sha);
        fields.put("Content-MD5", md5);
        var damaged = Scripts.damaged();
        fields.forEach(
                (name, value) -> {
                    cases.add(
                            new HostileCase(36, name + " is right")
                                    .then(file(B).header(name, value))
                                    .whole());
                    cases.add(
                            new HostileCase(36, name + " does not fit the bytes")
                                    .past(null)
                                    .then(file(damaged).header(name, value))
                                    .fails(CHECKSUM));
                });
        cases.add(
                new HostileCase(36, "Repr-Digest in a trailer is right")
                        .then(
                                exchange -> {
                                    exchange.head(200, "Transfer-Encoding: chunked");
                                    exchange.send(B, 0, N);
                                    exchange.endChunks("Repr-Digest: sha-256=:" + sha + ":");
                                })
                        .whole());
        cases.add(
                new HostileCase(36, "Repr-Digest in a trailer does not fit the bytes")
                        .past(null)
                        .then(
                                exchange -> {
                                    exchange.head(200, "Transfer-Encoding: chunked");
                                    exchange.send(damaged, 0, N);
                                    exchange.endChunks("Repr-Digest: sha-256=:" + sha + ":");
                                })
                        .fails(CHECKSUM));
    }
}
