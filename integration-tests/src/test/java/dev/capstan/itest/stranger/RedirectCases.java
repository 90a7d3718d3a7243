package dev.capstan.itest.stranger;

import java.io.IOException;
import java.util.List;

/** Redirects, and what must not travel along them: RFC 9110, section 15.4, and RFC 6265. */
final class RedirectCases extends Table {
    private static final int SIZE = 200_000;
    private static final String FIRST = "/file.bin";

    RedirectCases() {
        super(SIZE);
        targets();
        statuses();
        loops();
        bodies();
        secrets();
        cookies();
    }

    private void targets() {
        for (var location :
                List.of(
                        "http://%1$s/other",
                        "http://%2$s/other",
                        "//%2$s/other",
                        "/other",
                        "other",
                        "./a/../other",
                        "?again",
                        "/other#fragment",
                        "HTTP://%1$s/other",
                        "/other%%2fname?a=b%%26c",
                        "../../../other")) {
            arrives("Location: " + location, to("302 Found", location));
        }
        for (var location :
                List.of(
                        "/with a space",
                        "/\u00c3\u00a9t\u00c3\u00a9",
                        "/\u00e9t\u00e9",
                        "/100%%",
                        "/a|b[c]{d}\\e",
                        "\\other",
                        "http:other",
                        "http:///other",
                        "http://user:secret@%2$s/other",
                        "http://[::ffff:127.0.0.1]:PORT/other",
                        "http://2130706433:PORT/other",
                        "http://0x7f.1:PORT/other",
                        "/%%00",
                        "/one\r\nLocation: /two",
                        "/" + "long/".repeat(1_500))) {
            var name = location.length() > 60 ? "a long path" : location;
            either("Location: " + name, to("302 Found", location));
        }
        for (var location :
                List.of(
                        "",
                        "#fragment",
                        "file:///etc/hostname",
                        "ftp://%2$s/other",
                        "javascript:alert(1)",
                        "data:text/plain,evil",
                        "jar:http://%2$s/a.jar!/b",
                        "gopher://%2$s/1",
                        "https://%2$s/other",
                        "http://%1$s:99999/other",
                        "http://127.0.0.1:0/other",
                        "http://",
                        "mailto:cow@example.org",
                        ":",
                        "://",
                        "about:blank")) {
            fails(
                    "Location: '" + location + "'",
                    call -> {
                        if (call.isElsewhere()) {
                            call.trespass("went on by another scheme");
                        }
                        redirect(call, "302 Found", location);
                    });
        }
        either(
                "a line break in the Location's escapes",
                call -> {
                    if (call.request().header("X-Evil").isPresent()) {
                        call.trespass("took a header field from a link");
                    }
                    to("302 Found", "/other%%20HTTP/1.1%%0d%%0aX-Evil:%%20yes%%0d%%0a")
                            .answer(call);
                });
    }

    private void statuses() {
        for (var status : List.of("301 Moved", "303 See Other", "307 Temporary", "308 Permanent")) {
            arrives(status, to(status, "/other"));
        }
        for (var status :
                List.of("300 Choices", "399 Odd", "302", "302 Found\r\nContent-Location: /x")) {
            either(status, to(status, "/other"));
        }
        for (var status : List.of("304 Not Modified", "305 Use Proxy", "306 Unused")) {
            fails(
                    status,
                    call -> {
                        if (call.isElsewhere()) {
                            call.trespass("used a proxy that a server named");
                        }
                        redirect(call, status, "http://%2$s/");
                    });
        }
        fails("302 without Location", call -> call.head("HTTP/1.1 302 Found", "Content-Length: 0"));
    }

    private void loops() {
        fails("a redirect to itself", call -> redirect(call, "302 Found", FIRST));
        fails(
                "always another redirect",
                call -> {
                    if (call.number() > 500) {
                        call.trespass("went on for 500 redirects");
                    }
                    redirect(call, "302 Found", "/" + call.number());
                });
        fails(
                "to and fro between two origins",
                call -> {
                    if (call.number() > 500) {
                        call.trespass("went on for 500 redirects");
                    }
                    redirect(
                            call,
                            "307 Found",
                            call.isElsewhere() ? "http://%1$s/" : "http://%2$s/");
                });
    }

    private void bodies() {
        arrives(
                "a redirect with an endless body",
                call -> {
                    if (call.request().target().equals(FIRST)) {
                        call.head("HTTP/1.1 302 Found", "Location: /other");
                        call.repeat("endless".repeat(1_000), 64_000_000);
                    } else {
                        call.send(call.right());
                    }
                });
        either(
                "a redirect with a body that never comes",
                call -> {
                    if (call.request().target().equals(FIRST)) {
                        call.head("HTTP/1.1 302 Found", "Location: /other", "Content-Length: 9");
                        call.stall();
                    } else {
                        call.send(call.right());
                    }
                });
        for (var field :
                List.of(
                        "Repr-Digest: " + Content.of(0, 0).field(),
                        "Content-Digest: " + Content.of(0, 0).field(),
                        "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==",
                        "Content-Range: bytes 0-9/10",
                        "Content-Encoding: gzip",
                        "Accept-Ranges: none")) {
            arrives("a redirect has, for itself, " + field, to("302 Found", "/other\r\n" + field));
        }
        either(
                "a redirect to a page where parts were",
                call -> {
                    if (call.isFirst()) {
                        call.provoke(call.right());
                    } else if (call.request().target().equals(FIRST)) {
                        redirect(call, "302 Found", "/login");
                    } else {
                        call.head(Reply.OK, "Content-Length: 9");
                        call.text("<p>Log in");
                    }
                });
        either(
                "a target that answers once for each redirect",
                call -> {
                    var target = call.request().target();
                    if (target.equals(FIRST)) {
                        redirect(call, "302 Found", "/once" + call.number());
                    } else if (target.equals("/once" + (call.number() - 1))) {
                        call.cut(call.right(), SIZE / 2);
                    } else {
                        call.send(call.right().status("HTTP/1.1 403 Used").body(0, 0));
                    }
                });
    }

    private void secrets() {
        for (var field :
                List.of("Authorization: Bearer secret", "X-Token: secret", "Cookie: a=b")) {
            var name = field.substring(0, field.indexOf(':'));
            add(
                    Case.of(
                                    Case.Verdict.ARRIVES,
                                    SIZE,
                                    "a redirect elsewhere, and the link has " + name,
                                    call -> {
                                        if (call.isElsewhere()
                                                && call.request().header(name).isPresent()) {
                                            call.trespass("told " + name + " to another origin");
                                        }
                                        to("302 Found", "http://%2$s/other").answer(call);
                                    })
                            .given("header=" + field));
        }
    }

    private void cookies() {
        for (var cookie :
                List.of(
                        "evil=1; Path=/private",
                        "evil=1; Path=/oth",
                        "evil=1; Path=/other/",
                        "evil=1; Domain=0.0.1",
                        "evil=1; Domain=.0.0.1",
                        "evil=1; Expires=Thu, 01-Jan-70 00:00:00 GMT",
                        "evil=1; Expires=Sun Nov  6 08:49:37 1994",
                        "evil=1; Secure",
                        "evil=1; Domain=example.org",
                        "evil=1; Domain=1",
                        "evil=1; Max-Age=0",
                        "evil=1; Max-Age=-9999999999999",
                        "evil=1; Max-Age=-1",
                        "evil=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                        "evil=1; Max-Age=0; Expires=Fri, 31 Dec 2100 00:00:00 GMT")) {
            arrives(
                    "Set-Cookie: " + cookie,
                    call -> {
                        if (call.request()
                                .header("Cookie")
                                .filter(it -> it.contains("evil"))
                                .isPresent()) {
                            call.trespass("sent a cookie that is not for this request");
                        }
                        to("302 Found", "/other\r\nSet-Cookie: " + cookie).answer(call);
                    });
        }
        either(
                "a redirect to itself until a cookie comes back",
                call -> {
                    if (call.request().header("Cookie").isPresent()) {
                        call.send(call.right());
                    } else {
                        redirect(call, "302 Found", FIRST + "\r\nSet-Cookie: seen=1; Path=/");
                    }
                });
    }

    /** Redirects the link's own path; every other path has the file. */
    private static Behaviour to(String status, String location) {
        return call -> {
            if (!call.isElsewhere() && call.request().target().equals(FIRST)) {
                redirect(call, status, location);
            } else {
                call.send(call.right());
            }
        };
    }

    private static void redirect(Call call, String status, String location) throws IOException {
        var port = call.elsewhere().substring(call.elsewhere().indexOf(':') + 1);
        var target = location.formatted(call.authority(), call.elsewhere()).replace("PORT", port);
        call.head("HTTP/1.1 " + status, "Location: " + target, "Content-Length: 0");
        call.keep();
    }
}
