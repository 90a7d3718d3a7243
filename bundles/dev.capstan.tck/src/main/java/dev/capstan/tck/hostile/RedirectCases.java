package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.BLOCKED;
import static dev.capstan.download.ErrorClass.PROTOCOL;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.file;
import static dev.capstan.tck.hostile.Scripts.redirect;
import static dev.capstan.tck.hostile.Scripts.status;

import java.util.ArrayList;
import java.util.List;

/** Where a redirect may lead. */
final class RedirectCases {
    private RedirectCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        cases.add(
                new HostileCase(29, "a redirect loop")
                        .then(redirect("/f"))
                        .fails(PROTOCOL)
                        .requests(11));
        cases.add(
                new HostileCase(29, "40 hops")
                        .setUp(origin -> hops(origin, 40))
                        .whole()
                        .fails(PROTOCOL)
                        .requests(11));
        cases.add(new HostileCase(29, "ten hops").setUp(origin -> hops(origin, 10)).whole());
        cases.add(new HostileCase(29, "no Location").then(status(302)).fails(PROTOCOL));
        schemes(cases);
        origins(cases);
        return cases;
    }

    private static void hops(HostileOrigin origin, int hops) {
        for (var i = 0; i < hops; i++) {
            origin.serve(i == 0 ? "/f" : "/h" + i, redirect("./h" + (i + 1)));
        }
        origin.serve("/h" + hops, file(B));
    }

    private static void schemes(List<HostileCase> cases) {
        for (var scheme : List.of("file", "ftp", "jar", "data", "gopher")) {
            cases.add(
                    new HostileCase(30, "redirect to " + scheme + ":")
                            .setUp(
                                    origin -> {
                                        var port = origin.origin().port();
                                        origin.serve("/f", redirect(address(scheme, port)));
                                    })
                            .fails(BLOCKED)
                            .requests(1)
                            .rule("made another connection", RedirectCases::askedOnEachConnection));
        }
    }

    /** Whoever goes where it must not makes a connection without a request. */
    private static boolean askedOnEachConnection(HostileOrigin origin) {
        return origin.origin().connections() <= origin.origin().log().size();
    }

    private static String address(String scheme, int port) {
        return switch (scheme) {
            case "file" -> "file:///etc/hostname";
            case "jar" -> "jar:http://127.0.0.1:" + port + "/f!/x";
            case "data" -> "data:,x";
            default -> scheme + "://127.0.0.1:" + port + "/x";
        };
    }

    private static void origins(List<HostileCase> cases) {
        cases.add(
                new HostileCase(31, "redirect to another host, credentials set")
                        .credentials()
                        .setUp(RedirectCases::toAnotherHost)
                        .whole()
                        .rule(
                                "gave the credentials to another host",
                                origin ->
                                        origin.origin().log().stream()
                                                .filter(asked -> asked.target().equals("/g"))
                                                .allMatch(
                                                        asked ->
                                                                asked.header("authorization")
                                                                        .isEmpty())));
        cases.add(
                new HostileCase(31, "redirect from https to http")
                        .tlsOnly()
                        .ours()
                        .setUp(
                                origin -> {
                                    var other = origin.other().serve("/f", file(B));
                                    origin.serve("/f", redirect(other.uri("/f").toString()));
                                })
                        .fails(BLOCKED)
                        .rule("asked there", origin -> origin.requestsToOther() == 0));
    }

    private static void toAnotherHost(HostileOrigin origin) {
        var here = origin.origin().uri("/g").toString();
        var there =
                here.contains("localhost")
                        ? here.replace("localhost", "127.0.0.1")
                        : here.replace("127.0.0.1", "localhost");
        origin.serve("/f", redirect(there));
        origin.serve("/g", file(B));
    }
}
