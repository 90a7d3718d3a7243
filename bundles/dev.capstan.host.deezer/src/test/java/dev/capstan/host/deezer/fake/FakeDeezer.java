package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.script.Fault;
import dev.capstan.tck.script.Hold;
import dev.capstan.tck.script.Script;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * Deezer's public part on two addresses of loopback: the public API and a delivery server for
 * previews. It answers as the service does until a test says otherwise:
 *
 * <pre>{@code
 * try (var fake = FakeDeezer.start(clock)) {
 *     fake.album(7).titled("Nights").by("Some Artist").add(fake.tracks(1000, 130));
 *     fake.track(1000).titled("Dawn").preview(null);
 *     fake.fault(TRACK, Answer.quota()).times(2);
 *     …
 *     assertTrue(fake.mostPublicCallsIn(Duration.ofSeconds(5)) <= 40);
 * }
 * }</pre>
 *
 * <p>Every request is in {@link #calls}. Safe for any number of threads. Its servers' threads end
 * with {@link #close}, which lets everything go on that is held.
 */
public final class FakeDeezer implements AutoCloseable {
    private final InstantSource clock;
    private final Origin api;
    private final Origin delivery;
    private final Catalogue catalogue = new Catalogue();
    private final PublicApi publicApi;
    private final Delivery links;
    private final Script<Call, Answer> script = new Script<>();

    private FakeDeezer(InstantSource clock, Supplier<Origin> origins) {
        this.clock = clock;
        api = origins.get();
        delivery = origins.get();
        links = new Delivery(delivery.uri(""));
        publicApi = new PublicApi(catalogue, links, api.uri(""));
        api.otherwise(this::answer);
        delivery.otherwise(this::deliver);
    }

    /**
     * Starts one by the system's clock.
     *
     * @return a running fake over plain HTTP
     */
    public static FakeDeezer start() {
        return start(InstantSource.system());
    }

    /**
     * Starts one.
     *
     * @param clock for the times of calls
     * @return a running fake over plain HTTP
     */
    public static FakeDeezer start(InstantSource clock) {
        return new FakeDeezer(clock, Origin::plain);
    }

    /**
     * Starts one over TLS. {@link Origin#clientContext} trusts it.
     *
     * @param clock for the times of calls
     * @return a running fake
     */
    public static FakeDeezer startTls(InstantSource clock) {
        return new FakeDeezer(clock, Origin::tls);
    }

    // ---- where it is

    /**
     * Base of the public API, for {@code apiUrl}.
     *
     * @return without trailing slash
     */
    public URI apiUrl() {
        return api.uri("");
    }

    /**
     * Base of previews; its host belongs into {@code previewHosts}.
     *
     * @return scheme, host and port
     */
    public URI deliveryUrl() {
        return delivery.uri("");
    }

    // ---- what it has

    /**
     * A track: the one with that id, or a new one.
     *
     * @param id 1 or more
     * @return to be changed at any time
     */
    public FakeTrack track(long id) {
        return catalogue.track(id);
    }

    /**
     * Tracks with ids that follow each other.
     *
     * @param first the first id
     * @param number how many
     * @return in order
     */
    public FakeTrack[] tracks(long first, int number) {
        return LongStream.range(first, first + number)
                .mapToObj(this::track)
                .toArray(FakeTrack[]::new);
    }

    /**
     * An album: the one with that id, or a new and empty one.
     *
     * @param id 1 or more
     * @return to be changed at any time
     */
    public FakeAlbum album(long id) {
        return catalogue.album(id);
    }

    /**
     * A playlist: the one with that id, or a new and empty one.
     *
     * @param id 1 or more
     * @return to be changed at any time
     */
    public FakePlaylist playlist(long id) {
        return catalogue.playlist(id);
    }

    /**
     * Says how many tracks stand inside the object of an album or playlist.
     *
     * @param tracks at most; 10 at first
     * @return this
     */
    public FakeDeezer embedded(int tracks) {
        publicApi.embedded(tracks);
        return this;
    }

    // ---- what goes wrong

    /**
     * Answers every call of an endpoint in another way, until the fault is narrowed or lifted.
     *
     * @param endpoint which
     * @param answer what is said
     * @return the fault, the strongest so far
     */
    public Fault<Call, Answer> fault(Endpoint endpoint, Answer answer) {
        return script.fault(call -> call.endpoint() == endpoint, answer);
    }

    /**
     * Keeps all calls of an endpoint waiting.
     *
     * @param endpoint which
     * @return lets them go on
     */
    public Hold<Call> hold(Endpoint endpoint) {
        return script.hold(call -> call.endpoint() == endpoint);
    }

    // ---- what was asked

    /**
     * All requests, in the order of their arrival.
     *
     * @return a snapshot
     */
    public List<Call> calls() {
        return script.calls();
    }

    /**
     * Requests of some endpoints.
     *
     * @param endpoints which
     * @return a snapshot, in the order of their arrival
     */
    public List<Call> calls(Endpoint... endpoints) {
        var which = List.of(endpoints);
        return calls().stream().filter(call -> which.contains(call.endpoint())).toList();
    }

    /**
     * The fullest window of the public API.
     *
     * @param window how long, by the fake's clock; its end does not belong to it
     * @return how many calls began in it
     */
    public int mostPublicCallsIn(Duration window) {
        var times =
                calls().stream()
                        .filter(call -> call.endpoint().isPublic())
                        .map(Call::at)
                        .sorted()
                        .toList();
        var most = 0;
        for (int first = 0, next = 0; first < times.size(); first++) {
            var end = times.get(first).plus(window);
            while (next < times.size() && times.get(next).isBefore(end)) {
                next++;
            }
            most = Math.max(most, next - first);
        }
        return most;
    }

    /** Frees the ports, and what is held. */
    @Override
    public void close() {
        script.release();
        api.close();
        delivery.close();
    }

    private void answer(Exchange exchange) throws IOException {
        var call = arrive(exchange, PublicApi::recognise);
        var fault = script.answer(call).orElse(null);
        if (fault == null) {
            publicApi.answer(call).send(exchange);
        } else {
            fault.give(exchange, () -> publicApi.answer(call));
        }
    }

    private void deliver(Exchange exchange) throws IOException {
        var fault = script.answer(arrive(exchange, links::recognise)).orElse(null);
        if (fault == null) {
            links.serve(exchange);
        } else {
            fault.give(
                    exchange,
                    () -> {
                        throw new IllegalStateException("A delivery has no other good answer");
                    });
        }
    }

    /** Records a call, and keeps it for as long as it is held. */
    private Call arrive(Exchange exchange, UnaryOperator<Call> recognise) throws IOException {
        var call = recognise.apply(Call.of(exchange, Endpoint.UNKNOWN, clock.instant()));
        script.arrive(call);
        return call;
    }
}
