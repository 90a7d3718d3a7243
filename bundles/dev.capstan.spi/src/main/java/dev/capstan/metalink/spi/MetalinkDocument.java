package dev.capstan.metalink.spi;

import dev.capstan.content.Digest;
import dev.capstan.content.Pieces;
import dev.capstan.download.DownloadException;
import dev.capstan.download.ErrorClass;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads Metalink 4 documents (RFC 5854). They come from strangers (S11): there is no document type,
 * so no entity, and a name that would lead out of its folder spoils the whole document. What is not
 * understood is passed over, as the RFC wants it.
 *
 * <p>It fetches nothing and follows no address. Any number of threads may use it at once.
 */
public final class MetalinkDocument {
    /** The media type of a document. */
    public static final String MEDIA_TYPE = "application/metalink4+xml";

    private static final String NAMESPACE = "urn:ietf:params:xml:ns:metalink";
    private static final int MOST_FILES = 10_000;
    private static final int MOST_ADDRESSES = 64;
    private static final int LONGEST_NAME = 1024;
    private static final int LAST = 999_999;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /** The store names content by the first of them, so it costs least. */
    private static final List<String> PREFERRED =
            List.of(Digest.SHA_256, "sha-512", "sha-384", "sha", Digest.MD5);

    private record Address(URI uri, long priority) {}

    private final XMLStreamReader xml;

    private MetalinkDocument(XMLStreamReader xml) {
        this.xml = xml;
    }

    /**
     * Reads a document.
     *
     * @param document its bytes, in UTF-8
     * @return its files, in order
     * @throws DownloadException with PROTOCOL if it is none, or one that is not to be trusted
     */
    public static List<MetalinkFile> parse(byte[] document) throws DownloadException {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document));
            var clean = text.toString().replaceFirst("^\\uFEFF", "").strip();
            var xml = factory().createXMLStreamReader(new StringReader(clean));
            try {
                return new MetalinkDocument(xml).files();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException | CharacterCodingException e) {
            throw new DownloadException(
                    ErrorClass.PROTOCOL, "The Metalink document is not well formed", e);
        }
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    private List<MetalinkFile> files() throws XMLStreamException, DownloadException {
        while (xml.next() != XMLStreamConstants.START_ELEMENT) {
            refuseDocumentType();
        }
        if (!isElement("metalink")) {
            throw refused("it is no Metalink 4");
        }
        var files = new ArrayList<MetalinkFile>();
        var names = new HashSet<String>();
        while (nextChild()) {
            if (!isElement("file")) {
                skip();
                continue;
            }
            var file = file();
            if (!names.add(file.name())) {
                throw refused("it names a file twice");
            }
            if (files.size() == MOST_FILES) {
                throw refused("it has more than " + MOST_FILES + " files");
            }
            files.add(file);
        }
        return files;
    }

    private MetalinkFile file() throws XMLStreamException, DownloadException {
        var name = name(xml.getAttributeValue(null, "name"));
        Long size = null;
        Pieces pieces = null;
        var digests = new ArrayList<Digest>();
        var addresses = new ArrayList<Address>();
        while (nextChild()) {
            if (isElement("size")) {
                size = number(text());
            } else if (isElement("hash")) {
                var type = xml.getAttributeValue(null, "type");
                var digest = digest(type, text());
                if (digest != null) {
                    digests.add(digest);
                }
            } else if (isElement("pieces")) {
                var found = pieces();
                pieces = pieces == null ? found : pieces;
            } else if (isElement("url")) {
                var priority = number(xml.getAttributeValue(null, "priority"));
                var uri = address(text());
                if (uri != null && addresses.size() < MOST_ADDRESSES) {
                    addresses.add(new Address(uri, priority == null ? LAST : priority));
                }
            } else {
                skip();
            }
        }
        digests.sort(Comparator.comparingInt(digest -> PREFERRED.indexOf(digest.algorithm())));
        addresses.sort(Comparator.comparingLong(Address::priority));
        return new MetalinkFile(
                name,
                size,
                digests.isEmpty() ? null : digests.get(0),
                pieces != null && size != null && pieces.fit(size) ? pieces : null,
                addresses.stream().map(Address::uri).distinct().toList());
    }

    /** Null if one of them cannot be read: then none of them helps. */
    private @Nullable Pieces pieces() throws XMLStreamException, DownloadException {
        var length = number(xml.getAttributeValue(null, "length"));
        var type = xml.getAttributeValue(null, "type");
        var digests = new ArrayList<Digest>();
        var readable = length != null && length > 0;
        while (nextChild()) {
            if (!isElement("hash")) {
                skip();
                continue;
            }
            var digest = digest(type, text());
            readable &= digest != null;
            if (digest != null) {
                digests.add(digest);
            }
        }
        return length == null || !readable || digests.isEmpty()
                ? null
                : new Pieces(length, digests);
    }

    // ---- values

    private static String name(@Nullable String value) throws DownloadException {
        if (value == null || value.isBlank() || value.length() > LONGEST_NAME) {
            throw refused("it has a file without a name");
        }
        var outside = Stream.of(value.split("/", -1)).anyMatch(MetalinkDocument::leadsElsewhere);
        if (outside
                || value.indexOf('\\') >= 0
                || value.chars().anyMatch(Character::isISOControl)) {
            throw refused("it names a file outside of its folder");
        }
        return value;
    }

    private static boolean leadsElsewhere(String segment) {
        return segment.isBlank() || segment.equals(".") || segment.equals("..");
    }

    private static @Nullable Long number(@Nullable String value) {
        return value != null && NUMBER.matcher(value.strip()).matches()
                ? Long.valueOf(value.strip())
                : null;
    }

    private static @Nullable Digest digest(@Nullable String type, String value) {
        if (type == null || !Digest.knows(type)) {
            return null;
        }
        try {
            return new Digest(type.toLowerCase(Locale.ROOT), value.strip());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whole http and https addresses only; the others are of no use here. */
    private static @Nullable URI address(String value) {
        try {
            var uri = new URI(value.strip());
            var scheme = uri.getScheme();
            var isWeb = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
            return isWeb && uri.getHost() != null ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    // ---- moving on

    /** Goes to the next child of the element that is open; false at its end. */
    private boolean nextChild() throws XMLStreamException, DownloadException {
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                default -> refuseDocumentType();
            }
        }
        return false;
    }

    private void skip() throws XMLStreamException, DownloadException {
        for (var depth = 1; depth > 0; ) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> depth++;
                case XMLStreamConstants.END_ELEMENT -> depth--;
                default -> refuseDocumentType();
            }
        }
    }

    /** The text of the element that is open, to its end. */
    private String text() throws XMLStreamException, DownloadException {
        var text = new StringBuilder();
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                        text.append(xml.getText());
                case XMLStreamConstants.START_ELEMENT -> skip();
                case XMLStreamConstants.END_ELEMENT -> {
                    return text.toString();
                }
                default -> refuseDocumentType();
            }
        }
    }

    private void refuseDocumentType() throws DownloadException {
        var event = xml.getEventType();
        if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw refused("it defines a document type of its own");
        }
    }

    private boolean isElement(String name) {
        return NAMESPACE.equals(xml.getNamespaceURI()) && name.equals(xml.getLocalName());
    }

    private static DownloadException refused(String why) {
        return new DownloadException(
                ErrorClass.PROTOCOL, "The Metalink document is refused: " + why);
    }
}
