package dev.capstan.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** The keys that operators are told of are those that the bundles have. */
class ConfigurationDocumentTest {

    @Test
    void itHasEachKeyWithItsDefaultAndItsRange() throws Exception {
        assertThat(told(Path.of("../docs/configuration.md"))).isEqualTo(described());
    }

    /** The first three cells of each row, by the PID in the heading above. */
    private static Map<String, List<String>> told(Path document) throws Exception {
        var told = new TreeMap<String, List<String>>();
        var rows = new ArrayList<String>();
        for (var line : Files.readAllLines(document)) {
            if (line.startsWith("## `")) {
                rows = new ArrayList<>();
                told.put(line.substring("## `".length(), line.length() - 1), rows);
            } else if (line.startsWith("| `")) {
                var cells = line.split("\\|", -1);
                rows.add(row(cells[1].strip(), cells[2].strip(), cells[3].strip()));
            }
        }
        return told;
    }

    private static Map<String, List<String>> described() throws Exception {
        var described = new TreeMap<String, List<String>>();
        var own = File.separator + "dev.capstan.";
        var classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        for (var jar : Arrays.stream(classPath).filter(p -> p.endsWith(".jar")).toList()) {
            if (jar.substring(jar.lastIndexOf(File.separator)).startsWith(own)) {
                try (var zip = new ZipFile(jar)) {
                    for (var entry : zip.stream().toList()) {
                        if (entry.getName().matches("OSGI-INF/metatype/.+\\.xml")) {
                            add(zip.getInputStream(entry), described);
                        }
                    }
                }
            }
        }
        return described;
    }

    private static void add(InputStream xml, Map<String, List<String>> described) throws Exception {
        var file = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
        var pid = all(file.getDocumentElement(), "Designate").findFirst().orElseThrow();
        var rows = all(file.getDocumentElement(), "AD").map(ConfigurationDocumentTest::row);
        described.put(pid.getAttribute("pid"), rows.toList());
    }

    private static String row(Element key) {
        var unset = key.getAttribute("default").replaceAll("\\\\(.)", "$1");
        var least = key.getAttribute("min");
        var most = key.getAttribute("max");
        var range = most.isEmpty() ? "from " + least : least + " to " + most;
        if (key.getAttribute("type").equals("Boolean")) {
            range = "`true`, `false`";
        }
        return row(
                "`" + key.getAttribute("id") + "`",
                unset.isEmpty() ? "" : "`" + unset + "`",
                range.equals("from ") ? "" : range);
    }

    private static String row(String key, String unset, String range) {
        return String.join(" | ", key, unset, range);
    }

    private static Stream<Element> all(Element parent, String name) {
        var found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }
}
