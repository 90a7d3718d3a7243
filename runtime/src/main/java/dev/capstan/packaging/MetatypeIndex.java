package dev.capstan.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Gathers what bundles say of their configuration (Compendium chapter 105) into lines the launcher
 * reads fast: {@code PID=single} or {@code PID=factory}, and for each attribute {@code
 * PID|KEY=type|cardinality|min|max|options}.
 */
final class MetatypeIndex {

    private final Map<String, String> index = new TreeMap<>();

    /** The lines gathered so far. */
    Map<String, String> lines() {
        return index;
    }

    void add(Path bundle) throws IOException {
        try (var zip = new ZipFile(bundle.toFile())) {
            for (var entry : zip.stream().toList()) {
                if (entry.getName().matches("OSGI-INF/metatype/[^/]+\\.xml")) {
                    try (var in = zip.getInputStream(entry)) {
                        add(in);
                    }
                }
            }
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(bundle + " has a metatype file that cannot be read", e);
        }
    }

    private void add(InputStream xml)
            throws IOException, ParserConfigurationException, SAXException {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
        var root = document.getDocumentElement();
        for (var designate : children(root, "Designate")) {
            var factory = designate.getAttribute("factoryPid");
            var pid = factory.isEmpty() ? designate.getAttribute("pid") : factory;
            var definition = children(designate, "Object").get(0).getAttribute("ocdref");
            index.put(pid, factory.isEmpty() ? "single" : "factory");
            for (var described : children(root, "OCD")) {
                if (described.getAttribute("id").equals(definition)) {
                    for (var attribute : children(described, "AD")) {
                        index.put(pid + "|" + attribute.getAttribute("id"), line(attribute));
                    }
                }
            }
        }
    }

    private static String line(Element attribute) {
        var options = new ArrayList<String>();
        for (var option : children(attribute, "Option")) {
            options.add(option.getAttribute("value"));
        }
        var cardinality = attribute.getAttribute("cardinality");
        return String.join(
                "|",
                attribute.getAttribute("type"),
                cardinality.isEmpty() ? "0" : cardinality,
                attribute.getAttribute("min"),
                attribute.getAttribute("max"),
                String.join(" ", options));
    }

    private static List<Element> children(Element parent, String name) {
        var children = new ArrayList<Element>();
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && child.getTagName().equals(name)) {
                children.add(child);
            }
        }
        return children;
    }
}
