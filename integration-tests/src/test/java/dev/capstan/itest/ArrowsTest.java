package dev.capstan.itest;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.osgi.framework.Constants.BUNDLE_ACTIVATOR;
import static org.osgi.framework.Constants.BUNDLE_SYMBOLICNAME;
import static org.osgi.framework.Constants.DYNAMICIMPORT_PACKAGE;
import static org.osgi.framework.Constants.EXPORT_PACKAGE;
import static org.osgi.framework.Constants.FRAGMENT_HOST;
import static org.osgi.framework.Constants.IMPORT_PACKAGE;
import static org.osgi.framework.Constants.REQUIRE_BUNDLE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The dependency arrows, as ARCHITECTURE.md draws them: {@code admin.* → api ← spi ← plug-ins}.
 *
 * <p>Whoever needs a new arrow writes it down here first, and gives the reason in the commit.
 */
class ArrowsTest {
    private static final String API = "dev.capstan.api";
    private static final String SPI = "dev.capstan.spi";
    private static final String HTTP_CLIENT = "dev.capstan.lib.httpclient";
    private static final String SLF4J = "dev.capstan.lib.slf4j";
    private static final String TCK = "dev.capstan.tck";

    /** Which bundles of the house a bundle may import from. */
    private static final Map<String, Set<String>> ARROWS =
            Map.ofEntries(
                    entry(API, Set.of()),
                    entry(SPI, Set.of(API)),
                    entry(TCK, Set.of(API, SPI)),
                    entry(HTTP_CLIENT, Set.of()),
                    entry("dev.capstan.download.provider", Set.of(API, SPI)),
                    entry("dev.capstan.download.sqlite", Set.of(API, SPI)),
                    entry("dev.capstan.transfer.http", Set.of(API, SPI, HTTP_CLIENT)),
                    entry("dev.capstan.content.file", Set.of(API, SPI)),
                    entry("dev.capstan.secret.file", Set.of(API, SPI)),
                    entry("dev.capstan.host.direct", Set.of(API, SPI)),
                    entry("dev.capstan.host.fshare", Set.of(API, SPI)),
                    entry("dev.capstan.host.deezer", Set.of(API, SPI)),
                    entry("dev.capstan.decrypt.standard", Set.of(API, SPI)),
                    entry("dev.capstan.feature.provider", Set.of(API)),
                    entry("dev.capstan.record.provider", Set.of(API, SPI)),
                    entry("dev.capstan.record.tags", Set.of(API, SPI)),
                    entry("dev.capstan.record.mpv", Set.of(API)),
                    entry("dev.capstan.room.provider", Set.of(API, SPI)),
                    entry("dev.capstan.room.tcp", Set.of(SPI)),
                    entry("dev.capstan.room.websocket", Set.of(SPI)),
                    entry("dev.capstan.admin.shell", Set.of(API)),
                    entry("dev.capstan.admin.rest", Set.of(API)),
                    entry("dev.capstan.admin.web", Set.of(API)),
                    entry("dev.capstan.admin.console", Set.of(API)),
                    entry(SLF4J, Set.of()));

    /** What a bundle may export; whoever is not named is a provider and exports nothing. */
    private static final Map<String, Pattern> EXPORTS =
            Map.of(
                    API, Pattern.compile("dev\\.capstan\\.[a-z]+"),
                    SPI, Pattern.compile("dev\\.capstan\\.[a-z]+\\.spi"),
                    TCK, Pattern.compile("dev\\.capstan\\.tck(\\.[a-z]+)*"),
                    HTTP_CLIENT, Pattern.compile("org\\.apache\\.hc\\..+"),
                    SLF4J, Pattern.compile("org\\.slf4j(\\.[a-z]+)*"));

    private static final Pattern NOTHING = Pattern.compile("");

    /** Beyond the house, all may use these. */
    private static final List<String> FOR_ALL =
            List.of("java.", "javax.", "org.osgi.", "org.jspecify.annotations");

    /** And a bundle may use the library it is for. */
    private static final Map<String, List<String>> LIBRARIES =
            Map.ofEntries(
                    entry(TCK, List.of("org.junit.", "org.opentest4j", "com.sun.management")),
                    entry(
                            HTTP_CLIENT,
                            List.of(
                                    "com.aayushatharva.",
                                    "com.github.luben.",
                                    "jdk.net",
                                    "org.apache.commons.compress.",
                                    "org.brotli.",
                                    "org.conscrypt",
                                    "org.ietf.jgss",
                                    "org.newsclub.")),
                    entry("dev.capstan.download.sqlite", List.of("org.sqlite")),
                    entry("dev.capstan.host.fshare", List.of("jakarta.json")),
                    entry("dev.capstan.host.deezer", List.of("jakarta.json")),
                    entry("dev.capstan.record.provider", List.of("jakarta.json")),
                    entry("dev.capstan.record.mpv", List.of("jakarta.json")),
                    entry(
                            "dev.capstan.admin.rest",
                            List.of("jakarta.json", "jakarta.servlet", "org.eclipse.jetty.")),
                    entry(
                            "dev.capstan.room.provider",
                            List.of("jakarta.json", "org.apache.commons.")),
                    entry("dev.capstan.room.websocket", List.of("org.eclipse.jetty.")),
                    entry("dev.capstan.admin.web", List.of("jakarta.servlet")),
                    entry(
                            "dev.capstan.admin.console",
                            List.of(
                                    "jakarta.servlet",
                                    "org.apache.felix.hc.api",
                                    "org.apache.felix.inventory",
                                    "org.apache.felix.webconsole.")),
                    entry(
                            "dev.capstan.admin.shell",
                            List.of(
                                    "org.apache.felix.gogo.",
                                    "org.apache.felix.service.command",
                                    "org.jline.")));

    private static final List<PackedBundle> BUNDLES = PackedBundle.all();

    /** Package to the bundle of the house that exports it. */
    private static final Map<String, String> EXPORTED = exported();

    @Test
    void everyBundleHasItsArrowsStated() {
        assertThat(BUNDLES)
                .extracting(PackedBundle::folder)
                .containsExactlyInAnyOrderElementsOf(ARROWS.keySet());
    }

    @Test
    void importsFromTheHouseFollowTheArrows() {
        List<String> wrong = new ArrayList<>();
        for (PackedBundle bundle : BUNDLES) {
            for (String name : bundle.names(IMPORT_PACKAGE)) {
                String exporter = EXPORTED.getOrDefault(name, "nobody");
                boolean own = exporter.equals(bundle.folder());
                if (ofTheHouse(name) && !own && !arrows(bundle).contains(exporter)) {
                    wrong.add(bundle.folder() + " imports " + name + " of " + exporter);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void otherImportsAreOfTheJdkOfOsgiOrOfTheOneLibraryABundleIsFor() {
        List<String> wrong = new ArrayList<>();
        for (PackedBundle bundle : BUNDLES) {
            List<String> own = LIBRARIES.getOrDefault(bundle.folder(), List.of());
            for (String name : bundle.names(IMPORT_PACKAGE)) {
                boolean allowed =
                        Stream.of(FOR_ALL, own).flatMap(List::stream).anyMatch(name::startsWith);
                if (!ofTheHouse(name) && !allowed) {
                    wrong.add(bundle.folder() + " imports " + name);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void onlyContractsAreExported() {
        List<String> wrong = new ArrayList<>();
        for (PackedBundle bundle : BUNDLES) {
            Pattern allowed = EXPORTS.getOrDefault(bundle.folder(), NOTHING);
            for (String name : bundle.names(EXPORT_PACKAGE)) {
                if (!allowed.matcher(name).matches()) {
                    wrong.add(bundle.folder() + " exports " + name);
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void aBundleIsNamedAfterItsFolderAndAProvidersPackagesAreToo() {
        for (PackedBundle bundle : BUNDLES) {
            String name = bundle.folder();
            assertThat(bundle.names(BUNDLE_SYMBOLICNAME)).containsExactly(name);
            if (!EXPORTS.containsKey(name)) {
                assertThat(bundle.classPackages())
                        .allMatch(it -> it.equals(name) || it.startsWith(name + "."));
            }
        }
    }

    @Test
    void noBundleIsTiedToAnother() {
        for (PackedBundle bundle : BUNDLES) {
            assertThat(bundle.headers())
                    .as(bundle.folder())
                    .doesNotContain(
                            BUNDLE_ACTIVATOR, DYNAMICIMPORT_PACKAGE, FRAGMENT_HOST, REQUIRE_BUNDLE);
        }
    }

    @Test
    void noPackageIsInTwoBundles() {
        Map<String, Set<String>> owners = new TreeMap<>();
        for (PackedBundle bundle : BUNDLES) {
            // What a wrapped library has inside for itself, nobody sees.
            boolean wrapper = bundle.folder().startsWith("dev.capstan.lib.");
            for (String name : wrapper ? bundle.names(EXPORT_PACKAGE) : bundle.classPackages()) {
                owners.computeIfAbsent(name, any -> new TreeSet<>()).add(bundle.folder());
            }
        }
        owners.values().removeIf(folders -> folders.size() == 1);

        assertThat(owners).isEmpty();
    }

    private static Set<String> arrows(PackedBundle bundle) {
        return ARROWS.getOrDefault(bundle.folder(), Set.of());
    }

    /** Also what nobody exports any more, so that a left-over import shows. */
    private static boolean ofTheHouse(String name) {
        return name.startsWith("dev.capstan.") || EXPORTED.containsKey(name);
    }

    private static Map<String, String> exported() {
        Map<String, String> exported = new HashMap<>();
        for (PackedBundle bundle : BUNDLES) {
            bundle.names(EXPORT_PACKAGE).forEach(name -> exported.put(name, bundle.folder()));
        }
        return exported;
    }
}
