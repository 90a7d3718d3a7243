package dev.capstan.itest.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.capstan.itest.Capstan;
import dev.capstan.itest.rest.AdminHost.Answer;
import dev.capstan.tck.Body;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Resource;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The description of REST, held against the host that gives it: every path and method of it is
 * called with every example it has, and what comes back is judged by it.
 */
@Timeout(120)
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Body BODY = Body.random(100_000, 5);

    @TempDir static Path root;
    private static AdminHost host;
    private static Origin origin;
    private static JsonNode document;
    private static JsonNode schemas;
    private static String digest;
    private static int links;

    @BeforeAll
    static void start() throws Exception {
        // What is never to end hangs in its connection; one file comes.
        origin =
                Origin.plain()
                        .serve("/file.flac", Resource.of(BODY))
                        .otherwise(exchange -> exchange.stall());
        host = new AdminHost(root, "--allow-private-networks");
        document = JSON.readTree(host.get("/openapi.json").text());
        schemas = JSON.readTree(asDefinitions(document.at("/components/schemas").toString()));
        var id = add(origin.uri("/file.flac").toString(), false);
        Capstan.await("a file", () -> text("/downloads/" + id, "state").equals("COMPLETED"));
        digest = text("/downloads/" + id, "sha256");
    }

    @AfterAll
    static void end() throws Exception {
        host.close();
        origin.close();
    }

    @Test
    @DisplayName("It is a document of OpenAPI 3.1 in which every reference leads somewhere")
    void referencesLeadSomewhere() {
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        var used = new TreeSet<String>();
        document.findValues("$ref").forEach(found -> used.add(found.asText()));
        for (var reference : used) {
            assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        }
        var schemas = new TreeSet<String>();
        document.at("/components/schemas")
                .fieldNames()
                .forEachRemaining(name -> schemas.add("#/components/schemas/" + name));
        assertThat(used).as("no schema that nobody uses").isEqualTo(schemas);
    }

    @TestFactory
    @DisplayName("Every path, method and example of it is answered as it says")
    List<DynamicTest> everythingIsAnsweredAsItSays() {
        var tests = new ArrayList<DynamicTest>();
        for (var path : document.get("paths").properties()) {
            for (var method : path.getValue().properties()) {
                var verb = method.getKey().toUpperCase(Locale.ROOT);
                for (var example : examples(method.getValue())) {
                    var call = new Example(verb, path.getKey(), method.getValue(), example);
                    tests.add(DynamicTest.dynamicTest(call.toString(), call::check));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(60);
        return tests;
    }

    private static List<String> examples(JsonNode operation) {
        var examples = new ArrayList<String>();
        operation
                .at("/requestBody/content/application~1json/examples")
                .forEach(example -> examples.add(example.get("value").toString()));
        return examples.isEmpty() ? List.of("") : examples;
    }

    /** One call of one operation. */
    private record Example(String method, String path, JsonNode operation, String body) {

        void check() throws Exception {
            var address = address();
            var answer = send(address, body);
            var told = operation.at("/responses/" + answer.status());
            assertThat(told.isMissingNode())
                    .as("an undocumented " + answer.status() + ": " + answer.text())
                    .isFalse();
            checkSuccess(address, answer);
            checkContent(answer, told.path("content"));
            assertThat(host.send(method, "/api/v1" + address, null).status())
                    .as("the same without a token")
                    .isIn(path.equals("/health") ? List.of(200, 503) : List.of(401));
        }

        private Answer send(String address, String json) throws Exception {
            var type =
                    operation.at("/requestBody/content").properties().stream()
                            .map(Map.Entry::getKey)
                            .findFirst();
            var headers = new ArrayList<>(List.of("Authorization", "Bearer " + host.token()));
            type.ifPresent(value -> headers.addAll(List.of("Content-Type", value)));
            return host.send(
                    method,
                    "/api/v1" + address,
                    type.isEmpty() ? null : json.getBytes(StandardCharsets.UTF_8),
                    headers.toArray(String[]::new));
        }

        /** What there is something for goes well; what there is nothing for is told so. */
        private void checkSuccess(String address, Answer answer) {
            if ((method + path).equals("POST/records")) {
                return; // its link leads out of this machine, if anything does
            }
            var hasNothing =
                    path.equals("/events")
                            || (method + path).equals("POST/bundles")
                            || (method + path).equals("POST/rooms/join")
                            || address.contains("/none")
                            || address.contains("/01ARZ3NDEKTSV4RRFFQ69G5FAV");
            assertThat(answer.status())
                    .as(answer.text())
                    .isBetween(hasNothing ? 400 : 200, hasNothing ? 499 : 299);
        }

        private static void checkContent(Answer answer, JsonNode content) throws Exception {
            if (content.isMissingNode()) {
                assertThat(answer.text()).isEmpty();
                return;
            }
            var type = answer.type().replaceFirst(";.*", "").strip();
            assertThat(content.has(type)).as(type + " is told").isTrue();
            var told = content.get(type).get("schema").toString();
            var schema = (ObjectNode) JSON.readTree(asDefinitions(told));
            if (type.endsWith("json")) {
                schema.set("$defs", schemas);
                var errors =
                        JsonSchemaFactory.getInstance(VersionFlag.V202012)
                                .getSchema(schema)
                                .validate(JSON.readTree(answer.text()));
                assertThat(errors).as(answer.text()).isEmpty();
            }
        }

        /** With something that is there, of the state that the call is for. */
        private String address() {
            try {
                var filled = path;
                for (var parameter : operation.path("parameters")) {
                    if (parameter.get("in").asText().equals("path")) {
                        var name = parameter.get("name").asText();
                        filled =
                                filled.replace(
                                        "{" + name + "}", thing(parameter.get("example").asText()));
                    }
                }
                return filled + query();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private String thing(String example) throws Exception {
            if (path.startsWith("/downloads/")) {
                var id = add(origin.uri("/" + ++links).toString(), !path.endsWith("/pause"));
                if (path.endsWith("/retry")) {
                    host.post("/downloads/" + id + "/cancel");
                }
                return id;
            }
            if (path.startsWith("/batches/")) {
                return batch();
            }
            return path.startsWith("/content/") ? digest : example;
        }

        private String query() {
            var query = new StringBuilder();
            for (var parameter : operation.path("parameters")) {
                var example = parameter.path("example");
                if (parameter.get("in").asText().equals("query") && !example.isMissingNode()) {
                    var values = example.isArray() ? example : JSON.createArrayNode().add(example);
                    for (var value : values) {
                        query.append(query.length() == 0 ? '?' : '&')
                                .append(parameter.get("name").asText())
                                .append('=')
                                .append(URLEncoder.encode(value.asText(), StandardCharsets.UTF_8));
                    }
                }
            }
            return query.toString();
        }

        @Override
        public String toString() {
            return method + " " + path + (body.isEmpty() ? "" : " " + body);
        }
    }

    /** References as a schema alone has them: a validator knows no components. */
    private static String asDefinitions(String json) {
        return json.replace("#/components/schemas/", "#/$defs/");
    }

    private static String add(String link, boolean paused) throws Exception {
        var answer =
                host.post("/downloads", "{\"url\":\"" + link + "\",\"paused\":" + paused + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json().getString("id");
    }

    private static String batch() throws Exception {
        var link = origin.uri("/" + ++links);
        var json = "{\"url\":\"%s\",\"paused\":true,\"batch\":{\"name\":\"Some\"}}".formatted(link);
        return host.post("/downloads", json).json().getJsonObject("batch").getString("id");
    }

    private static String text(String path, String field) {
        try {
            return host.get(path).json().getString(field);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
