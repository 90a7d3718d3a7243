package dev.capstan.host.deezer.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Handler;
import dev.capstan.tck.Origin;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * Deezer on four addresses of loopback: the public API, the account gateway, the media service and
 * a delivery server for previews and full tracks. It answers as the service does until a test says
 * otherwise:
 *
 * <pre>{@code
 * try (var fake = FakeDeezer.start(clock)) {
 *     fake.album(7).titled("Nights").by("Some Artist").add(fake.tracks(1000, 130));
 *     fake.track(1000).offers(Format.MP3_320, 400_000).fallback(fake.track(1001));
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
    private static final String GATEWAY = "/gateway";
    private static final String MEDIA = "/media";

    private final Clock clock;
    private final Origin api;
    private final Origin gateway;
    private final Origin media;
    private final Origin delivery;
    private final Catalogue catalogue = new Catalogue();
    private final FakeAccount account = new FakeAccount();
    private final PublicApi publicApi;
    private final Gateway members;
    private final MediaService mediaService;
    private final Delivery links;
    private final Script script = new Script();

    private FakeDeezer(Clock clock, Supplier<Origin> origins) {
        this.clock = clock;
        api = origins.get();
        gateway = origins.get();
        media = origins.get();
        delivery = origins.get();
        links = new Delivery(clock, delivery.uri(""));
        publicApi = new PublicApi(catalogue, links, api.uri(""));
        members = new Gateway(clock, account, catalogue);
        mediaService = new MediaService(clock, account, members, links);
        api.otherwise(exchange -> serve(exchange, PublicApi::recognise, publicApi::answer));
        gateway.otherwise(at(GATEWAY, Gateway::recognise, members::answer));
        media.otherwise(at(MEDIA, mediaService::recognise, mediaService::answer));
        delivery.otherwise(this::deliver);
    }

    /**
     * Starts one by the system's clock.
     *
     * @return a running fake over plain HTTP
     */
    public static FakeDeezer start() {
        return start(Clock.systemUTC());
    }

    /**
     * Starts one.
     *
     * @param clock for the times of calls, and the ends of tokens and links
     * @return a running fake over plain HTTP
     */
    public static FakeDeezer start(Clock clock) {
        return new FakeDeezer(clock, Origin::plain);
    }

    /**
     * Starts one over TLS. {@link Origin#clientContext} trusts it.
     *
     * @param clock for the times of calls, and the ends of tokens and links
     * @return a running fake
     */
    public static FakeDeezer startTls(Clock clock) {
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
     * The account gateway, for {@code gatewayUrl}.
     *
     * @return without query
     */
    public URI gatewayUrl() {
        return gateway.uri(GATEWAY);
    }

    /**
     * The media service, for {@code mediaUrl}.
     *
     * @return without query
     */
    public URI mediaUrl() {
        return media.uri(MEDIA);
    }

    /**
     * Base of previews and media links; its host belongs into {@code previewHosts} and {@code
     * mediaHosts}.
     *
     * @return scheme, host and port
     */
    public URI deliveryUrl() {
        return delivery.uri("");
    }

    // ---- what it has

    /**
     * The account.
     *
     * @return to be changed at any time
     */
    public FakeAccount account() {
        return account;
    }

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
    public Fault fault(Endpoint endpoint, Answer answer) {
        return script.fault(endpoint, answer);
    }

    /**
     * Keeps all calls of an endpoint waiting.
     *
     * @param endpoint which
     * @return lets them go on
     */
    public Hold hold(Endpoint endpoint) {
        return script.hold(endpoint);
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
     * Requests that reached gateway or media service, those it does not know included.
     *
     * @return how many
     */
    public int memberCalls() {
        return gateway.log().size() + media.log().size();
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

    /**
     * Waits for calls of an endpoint.
     *
     * @param endpoint which
     * @param number how many in all
     * @param most how long, by real time
     * @return whether they came
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitCalls(Endpoint endpoint, int number, Duration most)
            throws InterruptedException {
        return script.awaitCalls(endpoint, number, most);
    }

    /**
     * Waits until no connection is open. A held call keeps its own.
     *
     * @param most how long for each of the four servers, by real time
     * @return whether none is
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitNoConnection(Duration most) throws InterruptedException {
        return api.awaitNoConnection(most)
                && gateway.awaitNoConnection(most)
                && media.awaitNoConnection(most)
                && delivery.awaitNoConnection(most);
    }

    /**
     * Requests to previews and media links, with their ranges and the bytes that went out.
     *
     * @return living exchanges
     */
    public List<Exchange> deliveries() {
        return delivery.log();
    }

    /**
     * What must be found nowhere: cookie, secret, and every token and path of a media link that was
     * ever given out.
     *
     * @return texts
     */
    public List<String> secrets() {
        var all = new ArrayList<>(account.secrets());
        all.addAll(members.tokens());
        all.addAll(links.mediaPaths());
        return all;
    }

    /** Frees the ports, and what is held. */
    @Override
    public void close() {
        script.release();
        api.close();
        gateway.close();
        media.close();
        delivery.close();
    }

    /** Serves one path, and nothing else there. */
    private Handler at(String path, UnaryOperator<Call> recognise, Function<Call, Reply> good) {
        return exchange ->
                serve(
                        exchange,
                        call -> call.path().equals(path) ? recognise.apply(call) : call,
                        call ->
                                call.path().equals(path)
                                        ? good.apply(call)
                                        : Reply.html(404, "Not Found"));
    }

    private void serve(Exchange exchange, UnaryOperator<Call> recognise, Function<Call, Reply> good)
            throws IOException {
        var call = arrive(exchange, recognise);
        var fault = script.answer(call);
        if (fault == null) {
            good.apply(call).send(exchange);
        } else {
            fault.give(exchange, () -> good.apply(call));
        }
    }

    private void deliver(Exchange exchange) throws IOException {
        var fault = script.answer(arrive(exchange, links::recognise));
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
