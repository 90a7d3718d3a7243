package dev.capstan.itest.stranger;

import java.util.List;

/**
 * One behaviour, and what may come of it.
 *
 * @param name what the server does, as the test's name tells it
 * @param verdict what a careful reading of the RFCs leaves open
 * @param size of the file, in bytes
 * @param path of the link, behind the authority
 * @param options lines for the link in the list of links, without their indentation
 * @param behaviour what the server does
 */
record Case(
        String name,
        Verdict verdict,
        int size,
        String path,
        List<String> options,
        Behaviour behaviour) {

    /** Whatever is allowed, a success has all bytes of one version of the file. */
    enum Verdict {
        /** The answers are valid: the file has to arrive. */
        ARRIVES,
        /** The answers prove nothing about any complete file: success would be a lie. */
        FAILS,
        /** The answers are wrong, yet can be understood or recovered from; both are right. */
        EITHER
    }

    static Case of(Verdict verdict, int size, String name, Behaviour behaviour) {
        return new Case(name, verdict, size, "/file.bin", List.of(), behaviour);
    }

    Case at(String another) {
        return new Case(name, verdict, size, another, options, behaviour);
    }

    Case given(String... more) {
        return new Case(name, verdict, size, path, List.of(more), behaviour);
    }
}
