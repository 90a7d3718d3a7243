package dev.capstan.tck.hostile;

import dev.capstan.download.ErrorClass;
import dev.capstan.tck.Body;
import dev.capstan.tck.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One way an origin misbehaves, and what a client may make of it. Cases are found in {@link
 * HostileCases} and run by {@link HostileOrigin}. Immutable once they are in the table.
 */
public final class HostileCase {

    /** The body all cases are about, but for the huge one. */
    public static final Body B = Scripts.B;

    private final int row;
    private final String name;
    private String path = "/f";
    private @Nullable Past past = Past.HALF;
    private @Nullable Handler opening;
    private Consumer<HostileOrigin> setUp = origin -> {};
    private final List<Body> bodies = new ArrayList<>();
    private final Set<ErrorClass> errors = EnumSet.noneOf(ErrorClass.class);
    private final Set<ErrorClass> resumedErrors = EnumSet.noneOf(ErrorClass.class);
    private @Nullable Predicate<HostileOrigin> rule;
    private String ruleText = "";
    private int mostRequests = Integer.MAX_VALUE;
    private long mostBytes = Long.MAX_VALUE;
    private long mostResumedBytes = Long.MAX_VALUE;
    private Duration atLeast = Duration.ZERO;
    private long promisedSize = -1;
    private boolean digestPromised;
    private boolean marked;
    private boolean partKept;
    private boolean credentials;
    private boolean tlsOnly;
    private boolean oldTls;
    private boolean huge;
    private boolean ours;

    HostileCase(int row, String name) {
        this.row = row;
        this.name = name;
    }

    // ---- what it is

    /**
     * The row of the table, which groups what is alike.
     *
     * @return 1 to 40
     */
    public int row() {
        return row;
    }

    /**
     * What the origin does.
     *
     * @return a few words, different for each case of a row
     */
    public String name() {
        return name;
    }

    /**
     * What a resumed client has.
     *
     * @return null where only a fresh client makes sense
     */
    public @Nullable Past past() {
        return past;
    }

    /**
     * The size the client was promised by others than the origin.
     *
     * @return bytes, −1 for none
     */
    public long promisedSize() {
        return promisedSize;
    }

    /**
     * Whether the client is to be told the SHA-256 of {@link #B}, and to compare it.
     *
     * @return whether it is
     */
    public boolean isDigestPromised() {
        return digestPromised;
    }

    /**
     * Whether a fresh client has to say of its success that nothing told it the length.
     *
     * @return whether it has
     */
    public boolean isMarked() {
        return marked;
    }

    /**
     * Whether what had arrived has to be there after the failure.
     *
     * @return whether the first half has
     */
    public boolean isPartKept() {
        return partKept;
    }

    /**
     * Whether it moves gigabytes.
     *
     * @return true for one case
     */
    public boolean isHuge() {
        return huge;
    }

    /**
     * Whether it can be told to a client that gets nothing but an address.
     *
     * @return false where a promise or a policy of ours is at stake
     */
    public boolean suitsEverybody() {
        return !ours && !huge && promisedSize < 0 && !digestPromised;
    }

    /**
     * Whether it can be run so.
     *
     * @param setting the circumstances
     * @return whether they make sense
     */
    public boolean fits(Setting setting) {
        return (setting.tls() || !tlsOnly) && (!setting.resumed() || past != null);
    }

    /**
     * Whether a whole file can be had.
     *
     * @return whether a success may be right
     */
    public boolean mayBeWhole() {
        return !bodies.isEmpty();
    }

    /**
     * Whether there may be nothing to be had.
     *
     * @param setting the circumstances
     * @return whether a failure may be right
     */
    public boolean mayFail(Setting setting) {
        return !errors(setting).isEmpty();
    }

    /**
     * What a client may make of it.
     *
     * @param setting the circumstances
     * @return lengths of right files, and errors
     */
    public String right(Setting setting) {
        var right = new ArrayList<String>();
        bodies.forEach(body -> right.add(body.length() + " certain bytes"));
        errors(setting).forEach(error -> right.add(error.toString()));
        return String.join(" or ", right);
    }

    @Override
    public String toString() {
        return row + " " + name;
    }

    // ---- for the origin

    String path() {
        return path;
    }

    boolean hasCredentials() {
        return credentials;
    }

    boolean isOldTls() {
        return oldTls;
    }

    List<Body> bodies() {
        return bodies;
    }

    Set<ErrorClass> errors(Setting setting) {
        var all = EnumSet.copyOf(errors);
        if (setting.resumed()) {
            all.addAll(resumedErrors);
        }
        return all;
    }

    void setUp(HostileOrigin origin) {
        setUp.accept(origin);
    }

    /** What must not have been done; null if it was not. */
    @Nullable String brokenRule(HostileOrigin origin, Outcome outcome) {
        if (rule != null && !rule.test(origin)) {
            return ruleText;
        }
        return outcome.took().compareTo(atLeast) < 0
                ? "came back after " + outcome.took() + ", earlier than " + atLeast
                : null;
    }

    /** What was more than needed; null if nothing was. */
    @Nullable String waste(HostileOrigin origin) {
        var requests = origin.origin().log().size();
        if (requests > mostRequests) {
            return requests + " requests, more than " + mostRequests;
        }
        var bytes = origin.origin().bodyBytes();
        var most = origin.setting().resumed() ? mostResumedBytes : mostBytes;
        return bytes > most ? bytes + " bytes were sent, more than " + most : null;
    }

    // ---- how it is made

    /** The first answer to a fresh client, by which it gets what a resumed one has. */
    HostileCase opening(Handler handler) {
        opening = handler;
        return this;
    }

    /** The answers in turn, the last one for ever. */
    HostileCase then(Handler... handlers) {
        setUp =
                origin -> {
                    var turns = new ArrayList<Handler>();
                    if (opening != null && !origin.setting().resumed()) {
                        turns.add(opening);
                    }
                    turns.addAll(List.of(handlers));
                    origin.serve(path, Scripts.turns(turns));
                };
        return this;
    }

    /** Anything else. */
    HostileCase setUp(Consumer<HostileOrigin> action) {
        setUp = action;
        return this;
    }

    HostileCase path(String value) {
        path = value;
        return this;
    }

    HostileCase past(@Nullable Past value) {
        past = value;
        return this;
    }

    /** Right is the whole file. */
    HostileCase whole() {
        return whole(B);
    }

    HostileCase whole(Body... right) {
        bodies.addAll(List.of(right));
        return this;
    }

    /** Right is one of these errors. */
    HostileCase fails(ErrorClass... right) {
        errors.addAll(List.of(right));
        return this;
    }

    /** Whoever has a part may also see an error. */
    HostileCase orIfResumed(ErrorClass... right) {
        resumedErrors.addAll(List.of(right));
        return this;
    }

    HostileCase requests(int most) {
        mostRequests = most;
        return this;
    }

    /** The bodies sent in all, to a fresh client and to one that has a part. */
    HostileCase moved(long most, long mostResumed) {
        mostBytes = most;
        mostResumedBytes = mostResumed;
        return this;
    }

    HostileCase rule(String broken, Predicate<HostileOrigin> holds) {
        ruleText = broken;
        rule = holds;
        return this;
    }

    HostileCase atLeast(Duration value) {
        atLeast = value;
        return this;
    }

    HostileCase promised(long size) {
        promisedSize = size;
        return this;
    }

    HostileCase digestPromised() {
        digestPromised = true;
        return this;
    }

    HostileCase marked() {
        marked = true;
        return this;
    }

    HostileCase partKept() {
        partKept = true;
        return this;
    }

    HostileCase credentials() {
        credentials = true;
        return this;
    }

    HostileCase tlsOnly() {
        tlsOnly = true;
        return this;
    }

    HostileCase oldTls() {
        oldTls = true;
        return tlsOnly();
    }

    HostileCase huge() {
        huge = true;
        return this;
    }

    /** It is about a policy that others may see differently. */
    HostileCase ours() {
        ours = true;
        return this;
    }
}
