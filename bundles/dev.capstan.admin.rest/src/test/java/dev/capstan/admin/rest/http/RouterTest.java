package dev.capstan.admin.rest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router =
            new Router()
                    .add("GET", "/rooms/{id}", call -> Reply.empty(204))
                    .add("DELETE", "/rooms/{id}", call -> Reply.empty(204))
                    .add("POST", "/rooms/join", call -> Reply.empty(202));

    @Test
    @DisplayName("What is called as a path that is spelled out is found by another method")
    void aNameThatIsSpelledOutElsewhere() throws Exception {
        assertThat(router.find("GET", "/rooms/join").named()).isEqualTo(Map.of("id", "join"));
        assertThat(router.find("DELETE", "/rooms/join").named()).isEqualTo(Map.of("id", "join"));
        assertThat(router.find("POST", "/rooms/join").named()).isEmpty();
        assertThat(router.methods("/rooms/join"))
                .containsExactlyInAnyOrder("GET", "HEAD", "DELETE", "POST");
    }

    @Test
    @DisplayName("405 names all methods of a path, 404 stands where there are none")
    void whatIsNotThere() {
        assertThatThrownBy(() -> router.find("PUT", "/rooms/join"))
                .hasMessageContainingAll("GET", "DELETE", "POST");
        assertThatThrownBy(() -> router.find("POST", "/rooms/x"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(405));
        assertThatThrownBy(() -> router.find("GET", "/rooms/x/y"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(404));
    }

    @Test
    @DisplayName("Ids go into paths as RFC 3986 has it")
    void idsInPaths() {
        assertThat(Percent.encode("a b+*/?#ü~")).isEqualTo("a%20b%2B%2A%2F%3F%23%C3%BC%7E");
    }
}
