package dev.capstan.packaging;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * H7: a feature as Karaf reads it, with the bundles of the feature file it is made from. What every
 * Karaf has of its own is left to it.
 */
final class KarafFeature {
    private static final String NAMESPACE = "http://karaf.apache.org/xmlns/features/v1.6.0";

    /** Of Karaf's feature {@code framework}, without which none starts. */
    private static final Set<String> KARAFS_OWN = Set.of("org.apache.felix.configadmin");

    private KarafFeature() {}

    static void write(JsonObject feature, Path file) throws IOException {
        try (var text = Files.newBufferedWriter(file)) {
            write(feature, text);
        }
    }

    private static void write(JsonObject feature, Writer text) {
        try {
            var xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            var id = feature.getString("id").split(":");
            xml.writeStartDocument("UTF-8", "1.0");
            begin(xml, 0, "features");
            xml.writeDefaultNamespace(NAMESPACE);
            xml.writeAttribute("name", "capstan-" + id[2]);
            begin(xml, 1, "feature");
            xml.writeAttribute("name", "capstan-" + id[1]);
            xml.writeAttribute("version", id[2]);
            xml.writeAttribute("description", feature.getString("description"));
            for (var bundle : feature.getJsonArray("bundles").getValuesAs(JsonObject.class)) {
                var artifact = bundle.getString("id").split(":");
                if (!KARAFS_OWN.contains(artifact[1])) {
                    begin(xml, 2, "bundle");
                    xml.writeCharacters("mvn:" + String.join("/", artifact));
                    xml.writeEndElement();
                }
            }
            line(xml, 1);
            xml.writeEndElement();
            line(xml, 0);
            xml.writeEndElement();
            line(xml, 0);
            xml.close();
        } catch (XMLStreamException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static void begin(XMLStreamWriter xml, int depth, String element)
            throws XMLStreamException {
        line(xml, depth);
        xml.writeStartElement(element);
    }

    private static void line(XMLStreamWriter xml, int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }
}
