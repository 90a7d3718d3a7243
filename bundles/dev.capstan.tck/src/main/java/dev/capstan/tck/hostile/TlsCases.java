package dev.capstan.tck.hostile;

import static dev.capstan.download.ErrorClass.NETWORK;
import static dev.capstan.download.ErrorClass.PROTOCOL;
import static dev.capstan.tck.hostile.Scripts.B;
import static dev.capstan.tck.hostile.Scripts.N;
import static dev.capstan.tck.hostile.Scripts.cut;
import static dev.capstan.tck.hostile.Scripts.file;

import java.util.ArrayList;
import java.util.List;

/** The end of TLS, which tells a whole body from one that somebody cut. */
final class TlsCases {
    private TlsCases() {}

    static List<HostileCase> all() {
        var cases = new ArrayList<HostileCase>();
        for (var old : List.of(false, true)) {
            for (var after : List.of(0L, N / 2)) {
                cases.add(
                        tls(old, "ended without close_notify after " + after + " bytes")
                                .then(cut(after, file(B).withoutLength()))
                                .fails(NETWORK, PROTOCOL));
            }
            cases.add(
                    tls(old, "ended with close_notify, no length")
                            .then(file(B).withoutLength())
                            .whole()
                            .marked());
            cases.add(
                    tls(old, "ended without close_notify at half, with a length")
                            .opening(Scripts.firstHalf())
                            .then(file(B))
                            .whole());
        }
        return cases;
    }

    private static HostileCase tls(boolean old, String name) {
        var script = new HostileCase(39, name + (old ? ", TLS 1.2" : ""));
        return old ? script.oldTls() : script.tlsOnly();
    }
}
