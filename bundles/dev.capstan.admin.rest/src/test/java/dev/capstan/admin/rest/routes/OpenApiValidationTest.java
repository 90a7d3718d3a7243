package dev.capstan.admin.rest.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What another project's validator says of the description of REST. */
class OpenApiValidationTest {

    @Test
    void nothingIsWrongWithIt() throws IOException {
        var result = validate(document());

        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getOpenapi()).startsWith("3.1");
        assertThat(result.getOpenAPI().getPaths()).hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"title\":', '\"titel\":', info.titel is unexpected",
        "'\"in\": \"path\"', '\"in\": \"way\"', in is not of type",
        "'\"responses\":', '\"answers\":', responses is missing",
        "'#/components/schemas/', '#/components/none/', Could not find /components/none/"
    })
    void whatIsBrokenIsFound(String right, String wrong, String said) throws IOException {
        var broken = document().replace(right, wrong);
        assertThat(broken).isNotEqualTo(document());

        assertThat(validate(broken).getMessages()).anyMatch(message -> message.contains(said));
    }

    private static SwaggerParseResult validate(String document) {
        var options = new ParseOptions();
        options.setResolve(true);
        return new OpenAPIV3Parser().readContents(document, null, options);
    }

    private static String document() throws IOException {
        try (var in =
                OpenApiRoutes.class.getResourceAsStream("/dev/capstan/admin/rest/openapi.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
