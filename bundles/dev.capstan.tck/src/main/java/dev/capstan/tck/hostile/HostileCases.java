package dev.capstan.tck.hostile;

import java.util.List;
import java.util.stream.Stream;

/**
 * The table of hostile origins. Rows 26 and 30's public names are missing: they need a host that
 * gives a second direct link, and a name service of the test's own.
 */
public final class HostileCases {
    private static final List<HostileCase> ALL =
            Stream.of(
                            FramingCases.all(),
                            RangeCases.all(),
                            ChangeCases.all(),
                            FailureCases.all(),
                            LimitCases.all(),
                            RedirectCases.all(),
                            CodingCases.all(),
                            TlsCases.all())
                    .flatMap(List::stream)
                    .toList();

    private HostileCases() {}

    /**
     * All cases.
     *
     * @return in the order of their topics
     */
    public static List<HostileCase> all() {
        return ALL;
    }
}
