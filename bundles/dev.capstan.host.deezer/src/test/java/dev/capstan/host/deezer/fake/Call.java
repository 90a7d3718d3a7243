package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Query;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it arrived. Immutable.
 *
 * @param at when its head was read, by the fake's clock
 * @param endpoint what was asked
 * @param id the track, album or playlist it is about; 0 where it is about none
 * @param method in upper case
 * @param path without query
 * @param query parameters, decoded; of several with one name the last
 * @param headers values by lower-case name
 */
public record Call(
        Instant at,
        Endpoint endpoint,
        long id,
        String method,
        String path,
        Map<String, String> query,
        Map<String, List<String>> headers) {

    static Call of(Exchange exchange, Endpoint endpoint, Instant at) {
        var uri = URI.create(exchange.target());
        return new Call(
                at,
                endpoint,
                0,
                exchange.method(),
                uri.getPath(),
                Query.of(exchange.target()),
                exchange.headers());
    }

    Call about(Endpoint known, long item) {
        return new Call(at, known, item, method, path, query, headers);
    }

    /**
     * The first value of a field.
     *
     * @param name in any case
     * @return the value, or empty
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
    }

    int number(String parameter, int otherwise) {
        try {
            return Integer.parseInt(query.getOrDefault(parameter, "" + otherwise));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
