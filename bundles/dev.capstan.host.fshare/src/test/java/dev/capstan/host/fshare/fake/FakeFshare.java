package dev.capstan.host.fshare.fake;

import dev.capstan.tck.Exchange;
import dev.capstan.tck.Origin;
import dev.capstan.tck.Reply;
import dev.capstan.tck.script.Fault;
import dev.capstan.tck.script.Hold;
import dev.capstan.tck.script.Script;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Fshare on three addresses of loopback: the account API, the folder listing and a delivery server.
 * It answers as the service does until a test says otherwise:
 *
 * <pre>{@code
 * try (var fake = FakeFshare.start(clock)) {
 *     fake.file("ABC123").named("x.mkv").size(3_000_000).nextLinks(LinkLife.untilByte(1 << 20));
 *     fake.folder("F1").named("Season 1").add(fake.file("ABC123"), fake.folder("F2"));
 *     fake.fault(DOWNLOAD, Answer.refusal(471, "Too many sessions")).times(1);
 *     …
 *     assertEquals(1, fake.calls(LOGIN).size());
 * }
 * }</pre>
 *
 * <p>Like the service it is strict: a Referer is answered with 400, a log-in needs the registered
 * pair of key and User-Agent, the other calls a session's cookie, and POSTs its token as well; a
 * link in a body must be canonical. Every request is in {@link #calls}.
 *
 * <p>Safe for any number of threads. Its servers' threads end with {@link #close}, which lets
 * everything go on that is held.
 */
public final class FakeFshare implements AutoCloseable {
    private static final String API = "/api";
    private static final String LISTING = "/api/v3/files/folder";
    private static final Reply GONE = Answer.refused(201, "Not logged in yet!");

    private final InstantSource clock;
    private final Origin api;
    private final Origin listing;
    private final Origin delivery;
    private final Shares shares = new Shares();
    private final FakeAccount account;
    private final Delivery links;
    private final AccountApi accountApi;
    private final FolderListing folderListing;
    private final Script<Call, Answer> script = new Script<>();

    private FakeFshare(InstantSource clock, Supplier<Origin> origins) {
        this.clock = clock;
        api = origins.get();
        listing = origins.get();
        delivery = origins.get();
        account = new FakeAccount(clock);
        links = new Delivery(delivery.uri(""));
        accountApi = new AccountApi(account, shares, links);
        folderListing = new FolderListing(shares);
        api.otherwise(this::serveApi);
        listing.otherwise(this::serveListing);
        delivery.otherwise(this::serveDelivery);
    }

    /**
     * Starts one by the system's clock.
     *
     * @return a running fake over plain HTTP
     */
    public static FakeFshare start() {
        return start(InstantSource.system());
    }

    /**
     * Starts one.
     *
     * @param clock for the times of calls and the end of VIP
     * @return a running fake over plain HTTP
     */
    public static FakeFshare start(InstantSource clock) {
        return new FakeFshare(clock, Origin::plain);
    }

    /**
     * Starts one over TLS. {@link Origin#clientContext} trusts it.
     *
     * @param clock for the times of calls and the end of VIP
     * @return a running fake
     */
    public static FakeFshare startTls(InstantSource clock) {
        return new FakeFshare(clock, Origin::tls);
    }

    // ---- where it is

    /**
     * Base of the account API, for {@code apiUrl}.
     *
     * @return without trailing slash
     */
    public URI apiUrl() {
        return api.uri(API);
    }

    /**
     * The folder listing, for {@code folderUrl}.
     *
     * @return without query
     */
    public URI folderUrl() {
        return listing.uri(LISTING);
    }

    /**
     * Base of direct links; its host belongs into {@code deliveryHosts}.
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
     * A file: the one with that code, or a new one.
     *
     * @param code 1 to 32 letters and digits, the same in either case
     * @return to be changed at any time
     */
    public FakeFile file(String code) {
        return shares.file(code);
    }

    /**
     * A folder: the one with that code, or a new and empty one.
     *
     * @param code 1 to 32 letters and digits, the same in either case
     * @return to be changed at any time
     */
    public FakeFolder folder(String code) {
        return shares.folder(code);
    }

    /**
     * Bounds the pages of the listing that needs no account.
     *
     * @param entries most on a page, whatever is asked; 50 at first
     * @return this
     */
    public FakeFshare mostOnPage(int entries) {
        folderListing.mostOnPage(entries);
        return this;
    }

    /**
     * Chooses how {@code type} and {@code size} are written. At first they are numbers in {@link
     * Endpoint#LISTING} and texts in {@link Endpoint#FOLDER_LIST}.
     *
     * @param endpoint one of the two
     * @param asText whether as text
     * @return this
     */
    public FakeFshare numbersAsText(Endpoint endpoint, boolean asText) {
        shares.numbers(endpoint, asText);
        return this;
    }

    /**
     * Ends {@link Endpoint#FOLDER_LIST} with a 404 in place of an empty page.
     *
     * @return this
     */
    public FakeFshare missingPastTheEnd() {
        shares.pastEndMissing(true);
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
        return script.awaitCalls(call -> call.endpoint() == endpoint, number, most);
    }

    /**
     * Waits until no connection is open. A held call keeps its own.
     *
     * @param most how long for each of the three servers, by real time
     * @return whether none is
     * @throws InterruptedException if the thread was interrupted
     */
    public boolean awaitNoConnection(Duration most) throws InterruptedException {
        return api.awaitNoConnection(most)
                && listing.awaitNoConnection(most)
                && delivery.awaitNoConnection(most);
    }

    /**
     * Requests to direct links, with their ranges and the bytes that went out.
     *
     * @return living exchanges
     */
    public List<Exchange> deliveries() {
        return delivery.log();
    }

    /**
     * What must be found nowhere: password, application key, and every token, session id and path
     * of a direct link that was ever given out.
     *
     * @return texts
     */
    public List<String> secrets() {
        var all = new ArrayList<>(account.secrets());
        all.addAll(links.paths());
        return all;
    }

    /** Frees the ports, and what is held. */
    @Override
    public void close() {
        script.release();
        api.close();
        listing.close();
        delivery.close();
    }

    private void serveApi(Exchange exchange) throws IOException {
        var path = URI.create(exchange.target()).getPath();
        var endpoint =
                path.startsWith(API + "/")
                        ? Endpoint.at(path.substring(API.length()))
                        : Endpoint.UNKNOWN;
        var call = arrive(exchange, endpoint);
        if (answered(call, exchange, () -> isSessionGone(call) ? GONE : good(call))) {
            return;
        }
        if (isSessionGone(call)) {
            account.whenGone().give(exchange, () -> GONE);
        } else {
            good(call).send(exchange);
        }
    }

    /** Counts the call for its session where it has one. */
    private boolean isSessionGone(Call call) {
        return call.endpoint().isForMembers() && account.mayUse(call) && !account.admit(call);
    }

    private Reply good(Call call) {
        if (!call.method().equals(call.endpoint().method())) {
            return Reply.html(404, "Not Found");
        }
        if (call.endpoint().isForMembers() && !account.mayUse(call)) {
            return Answer.refused(403, "This User-Agent is not registered");
        }
        return accountApi.answer(call);
    }

    private void serveListing(Exchange exchange) throws IOException {
        var isListing = URI.create(exchange.target()).getPath().equals(LISTING);
        var call = arrive(exchange, isListing ? Endpoint.LISTING : Endpoint.UNKNOWN);
        if (!answered(call, exchange, () -> folderListing.answer(call))) {
            (isListing ? folderListing.answer(call) : Reply.html(404, "Not Found")).send(exchange);
        }
    }

    private void serveDelivery(Exchange exchange) throws IOException {
        var call = arrive(exchange, Endpoint.DELIVERY);
        var fault = script.answer(call).orElse(null);
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
    private Call arrive(Exchange exchange, Endpoint endpoint) throws IOException {
        var call = Call.of(exchange, endpoint, clock.instant());
        script.arrive(call);
        return call;
    }

    /** Answers what is answered in another way than the good one. */
    private boolean answered(Call call, Exchange exchange, Supplier<Reply> good)
            throws IOException {
        if (call.header("referer").isPresent()) {
            Reply.html(400, "Bad Request").send(exchange);
            return true;
        }
        var fault = script.answer(call).orElse(null);
        if (fault == null) {
            return false;
        }
        fault.give(exchange, good);
        return true;
    }
}
