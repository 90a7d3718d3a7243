package dev.capstan.itest.rest;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Tables of requests: what is sent, from which pages, under which name. */
final class RequestCases {

    private RequestCases() {}

    /** Bodies of {@code POST /downloads}, and what the refusal has to name. */
    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("{}", "url"),
                arguments("[]", "object"),
                arguments("\"x\"", "object"),
                arguments("null", "object"),
                arguments("{", "object"),
                arguments("{\"url\":\"https://h/\"} {}", "JSON object"),
                arguments("{\"url\":\"https://h/\",}", "object"),
                arguments("{'url':'https://h/'}", "object"),
                arguments("{\"url\":\"https://h/\",\"colour\":\"red\"}", "colour"),
                arguments("{\"url\":\"https://h/\",\"url\":\"https://i/\"}", "url"),
                arguments("{\"url\":\"https://h/\",\"batch\":{\"id\":\"a\",\"id\":\"b\"}}", "id"),
                arguments("{\"url\":\"https://h/\",\"batch\":{\"x\":1}}", "batch.x"),
                arguments("{\"url\":\"https://h/\",\"batch\":\"b\"}", "batch"),
                arguments("{\"url\":\"https://h/\",\"batch\":{}}", "batch.name"),
                arguments("{\"url\":1}", "url"),
                arguments("{\"url\":null}", "url"),
                arguments("{\"url\":\" \"}", "url"),
                arguments("{\"url\":\"no link\"}", "no link"),
                arguments("{\"url\":\"https://h/\\u0000x\"}", "control"),
                arguments("{\"url\":\"https://h/\\r\\nX: y\"}", "control"),
                arguments("{\"urls\":\"https://h/\"}", "urls"),
                arguments("{\"urls\":[]}", "urls"),
                arguments("{\"urls\":[1]}", "urls"),
                arguments("{\"urls\":[null]}", "urls"),
                arguments("{\"url\":\"https://h/\",\"urls\":[\"https://h/\"]}", "url"),
                arguments("{\"urls\":[\"https://h/\"],\"filename\":\"x\"}", "filename"),
                arguments("{\"urls\":[\"https://h/\"],\"checksum\":\"x\"}", "checksum"),
                arguments("{\"url\":\"https://h/\",\"priority\":1.5}", "priority"),
                arguments("{\"url\":\"https://h/\",\"priority\":\"1\"}", "priority"),
                arguments("{\"url\":\"https://h/\",\"priority\":99999999999}", "priority"),
                arguments("{\"url\":\"https://h/\",\"priority\":1e999999999}", "priority"),
                arguments("{\"url\":\"https://h/\",\"priority\":1e9}", "priority"),
                arguments(
                        "{\"url\":\"https://h/\",\"priority\":" + "9".repeat(500_000) + "}",
                        "priority"),
                arguments("{\"url\":\"https://h/\",\"maxConnections\":-1}", "maxConnections"),
                arguments("{\"url\":\"https://h/\",\"maxConnections\":65}", "maxConnections"),
                arguments(
                        "{\"url\":\"https://h/\",\"limitBytesPerSecond\":-1}",
                        "limitBytesPerSecond"),
                arguments("{\"url\":\"https://h/\",\"paused\":\"yes\"}", "paused"),
                arguments("{\"url\":\"https://h/\",\"paused\":1}", "paused"),
                arguments("{\"url\":\"https://h/\",\"mediaType\":\"book\"}", "mediaType"),
                arguments("{\"url\":\"https://h/\",\"checksum\":\"md6=00\"}", "checksum"),
                arguments("{\"url\":\"https://h/\",\"checksum\":\"sha-256=12\"}", "checksum"),
                arguments("{\"url\":\"https://h/\",\"headers\":[]}", "headers"),
                arguments("{\"url\":\"https://h/\",\"headers\":{\"A\":1}}", "headers"),
                arguments("{\"url\":\"https://h/\",\"headers\":{\"A B\":\"c\"}}", "header"),
                arguments("{\"url\":\"https://h/\",\"headers\":{\"A\":\"b\\r\\nC: d\"}}", "A"),
                arguments("{\"url\":\"https://h/\",\"linkPassword\":\"a\\nb\"}", "password"),
                arguments("{\"url\":\"https://h/\",\"category\":\"../x\"}", "category"),
                arguments("{\"url\":\"https://h/\",\"x\":" + "[".repeat(33), "levels"),
                arguments("{\"x\":" + "{\"x\":".repeat(40) + "1" + "}".repeat(41), "levels"),
                arguments("[".repeat(100_000), "object"));
    }

    /** Heads of requests, and whether the page they come from may send them. */
    static Stream<Arguments> pages() {
        var ours = "Origin: http://{host}";
        return Stream.of(
                page("a program", "POST", "", true),
                page("our own page", "POST", ours + "\nSec-Fetch-Site: same-origin", true),
                page("a page that is allowed", "POST", "Origin: https://tool.example.org", true),
                page("an address that was typed", "POST", "Sec-Fetch-Site: none", true),
                page(
                        "our page, of a browser without origins",
                        "POST",
                        "Sec-Fetch-Site: same-origin",
                        true),
                page("a page that reads only", "GET", "Origin: https://evil.example", true),
                page("a page that asks first", "OPTIONS", "Origin: https://evil.example", true),
                page("a picture on a page", "GET", "Sec-Fetch-Site: cross-site", true),
                page("a foreign page", "POST", "Origin: https://evil.example", false),
                page("a foreign page that patches", "PATCH", "Origin: https://evil.example", false),
                page("a foreign page that puts", "PUT", "Origin: https://evil.example", false),
                page(
                        "a foreign page that deletes",
                        "DELETE",
                        "Origin: https://evil.example",
                        false),
                page("a foreign method", "BREW", "Origin: https://evil.example", false),
                page("a page from nowhere", "POST", "Origin: null", false),
                page("an empty origin", "POST", "Origin:", false),
                page("no origin, but another site", "POST", "Sec-Fetch-Site: cross-site", false),
                page("a form on another site", "DELETE", "Sec-Fetch-Site: cross-site", false),
                page("another port of ours", "POST", "Origin: http://127.0.0.1:1", false),
                page("our port without its number", "POST", "Origin: http://127.0.0.1", false),
                page("another scheme of ours", "POST", "Origin: https://{host}", false),
                page("another name of ours", "POST", "Origin: http://localhost:1", false),
                page(
                        "a name that begins like ours",
                        "POST",
                        "Origin: http://{host}.evil.example",
                        false),
                page(
                        "a name that ends like ours",
                        "POST",
                        "Origin: http://evil.example/http://{host}",
                        false),
                page("a user called like us", "POST", "Origin: http://{host}@evil.example", false),
                page(
                        "a name that begins like a friend's",
                        "POST",
                        "Origin: https://tool.example.org.evil.example",
                        false),
                page(
                        "a friend without its cipher",
                        "POST",
                        "Origin: http://tool.example.org",
                        false),
                page(
                        "a friend's other port",
                        "POST",
                        "Origin: https://tool.example.org:8443",
                        false),
                page("a friend in capitals", "POST", "Origin: HTTPS://TOOL.EXAMPLE.ORG", false),
                page(
                        "two origins",
                        "POST",
                        "Origin: https://tool.example.org https://evil.example",
                        false),
                page("a page on a disk", "POST", "Origin: file://", false),
                page("an extension", "POST", "Origin: chrome-extension://abcdef", false),
                page(
                        "a foreign page that says it is ours",
                        "POST",
                        "Origin: https://evil.example\nSec-Fetch-Site: same-origin\nReferer: http://{host}/",
                        false));
    }

    private static Arguments page(String name, String method, String lines, boolean isTaken) {
        var head =
                method
                        + " /api/v1/downloads HTTP/1.1\nHost: {host}\nAuthorization: Bearer {token}"
                        + (lines.isEmpty() ? "" : "\n" + lines);
        // A method that nobody has is refused all the same before anybody asks what it is.
        return arguments(name, head, isTaken);
    }

    /** Values of Host, and whether they are ours. */
    static Stream<Arguments> hostNames() {
        return Stream.of(
                arguments("127.0.0.1:{port}", true),
                arguments("127.0.0.1", true),
                arguments("127.0.0.1:1", true),
                arguments("localhost:{port}", true),
                arguments("LocalHost", true),
                arguments("nas.example.org", true),
                arguments("NAS.example.org:8443", true),
                arguments("evil.example", false),
                arguments("evil.example:{port}", false),
                arguments("127.0.0.1.evil.example:{port}", false),
                arguments("127.0.0.1.nip.io", false),
                arguments("localhost.evil.example", false),
                arguments("localhost.", false),
                arguments("nas.example.org.evil.example", false),
                arguments("evil-nas.example.org", false),
                arguments("0.0.0.0:{port}", false),
                arguments("127.0.0.2:{port}", false),
                arguments("127.1:{port}", false),
                arguments("2130706433:{port}", false),
                arguments("0x7f.0.0.1:{port}", false),
                arguments("[::1]:{port}", false),
                arguments("[::ffff:127.0.0.1]:{port}", false),
                arguments("192.168.1.1", false),
                arguments("", false),
                arguments(":{port}", false),
                arguments("localhost@evil.example", false),
                arguments("evil.example#localhost", false),
                arguments("evil.example, localhost", false));
    }
}
