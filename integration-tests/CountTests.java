import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Sums the test reports of one build, prints how many tests ran where and which ones failed or passed
 * only when tried again, and fails if a test failed or if one of the places ran none. The tester
 * inside a framework is silent about a run without a test; this program is not. Where nothing may be
 * missing, in CI that is root, a test fails that was skipped for want of something.
 *
 * <p>Run as {@code java CountTests.java ROOT SINCE}: the folder of the build, and the instant it
 * began. Reports older than that are leftovers of an earlier build.
 */
class CountTests {
    private static final List<String> PLACES = List.of("unit", "felix", "equinox");
    private static final boolean ALL_IS_THERE =
            System.getenv("CI") != null && System.getProperty("user.name").equals("root");

    /** How an assumption begins that is about the machine, and not about what is tested. */
    private static final String FOR_WANT = "Assumption failed: skipped: ";

    private record Count(int passed, int failed, int skipped) {
        Count plus(Count other) {
            return new Count(
                    passed + other.passed, failed + other.failed, skipped + other.skipped);
        }

        int ran() {
            return passed + failed;
        }
    }

    private static final List<String> remarks = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]);
        Instant since = Instant.parse(args[1]);

        Map<String, Count> counts = new LinkedHashMap<>();
        PLACES.forEach(place -> counts.put(place, new Count(0, 0, 0)));
        for (Path report : reports(root, since)) {
            counts.merge(place(report), count(report), Count::plus);
        }
        Count total = counts.values().stream().reduce(new Count(0, 0, 0), Count::plus);

        System.out.printf("%n%-10s %8s %8s %8s%n", "tests", "passed", "failed", "skipped");
        counts.forEach(CountTests::print);
        print("all", total);
        System.out.println();
        remarks.forEach(System.out::println);

        List<String> idle = counts.keySet().stream().filter(p -> counts.get(p).ran() == 0).toList();
        idle.forEach(place -> System.out.println("no test ran: " + place));
        System.out.println(total.passed + " passed, " + total.failed + " failed");
        System.exit(total.failed > 0 || !idle.isEmpty() ? 1 : 0);
    }

    private static void print(String place, Count count) {
        System.out.printf(
                "%-10s %8d %8d %8d%n", place, count.passed, count.failed, count.skipped);
    }

    private static List<Path> reports(Path root, Instant since) throws IOException {
        var pattern =
                FileSystems.getDefault()
                        .getPathMatcher("glob:**/target/{surefire,test}-reports/**TEST-*.xml");
        List<Path> reports = new ArrayList<>();
        try (var files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(pattern::matches)::iterator) {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    reports.add(file);
                }
            }
        }
        return reports;
    }

    /** A report of a framework lies in a folder named after it. */
    private static String place(Path report) {
        String folder = report.getParent().getFileName().toString();
        return folder.equals("surefire-reports") ? "unit" : folder;
    }

    /** Counts the cases: after a repetition the sums at the head of a report are of that one only. */
    private static Count count(Path report) throws Exception {
        NodeList cases =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(report.toFile())
                        .getElementsByTagName("testcase");
        int failed = 0;
        int skipped = 0;
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            if (has(test, "failure") || has(test, "error")) {
                failed++;
                remark("failed", test, has(test, "failure") ? "failure" : "error");
            } else if (has(test, "flakyFailure") || has(test, "flakyError")) {
                remark("flake", test, has(test, "flakyFailure") ? "flakyFailure" : "flakyError");
            } else if (ALL_IS_THERE && text(test, "skipped").contains(FOR_WANT)) {
                failed++;
                remark("missing", test, "skipped");
            } else if (has(test, "skipped")) {
                skipped++;
            }
        }
        return new Count(cases.getLength() - failed - skipped, failed, skipped);
    }

    private static boolean has(Element test, String child) {
        return test.getElementsByTagName(child).getLength() > 0;
    }

    /** Why it ended so, or nothing. */
    private static String text(Element test, String child) {
        if (!has(test, child)) {
            return "";
        }
        Element reason = (Element) test.getElementsByTagName(child).item(0);
        return reason.getAttribute("message").isEmpty()
                ? reason.getTextContent() : reason.getAttribute("message");
    }

    /** One line for a test and the beginning of what it said. */
    private static void remark(String what, Element test, String child) {
        remarks.add("%s: %s.%s: %s".formatted(
                what, test.getAttribute("classname"), test.getAttribute("name"),
                text(test, child).strip().lines().findFirst().orElse("").transform(
                        line -> line.substring(0, Math.min(200, line.length())))));
    }
}
