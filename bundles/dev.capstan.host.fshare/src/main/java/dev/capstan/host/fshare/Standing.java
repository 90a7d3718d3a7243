package dev.capstan.host.fshare;

import dev.capstan.host.Account;
import dev.capstan.host.Account.State;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the account stands, as it may be shown (F18). Changes are announced by whoever made them,
 * outside the lock.
 */
final class Standing {
    private final @Nullable String name;
    private final Consumer<Account> announce;
    private State state;
    private @Nullable String note;
    private @Nullable Profile profile;

    Standing(
            @Nullable String name, State state, @Nullable String note, Consumer<Account> announce) {
        this.name = name;
        this.state = state;
        this.note = note;
        this.announce = announce;
    }

    synchronized Account account() {
        var known = profile;
        Instant until = known == null ? null : known.vipUntil();
        return new Account(
                state,
                name,
                known == null ? null : known.type(),
                until,
                known == null ? -1 : known.trafficLeft(),
                note,
                known == null ? Map.of() : known.details());
    }

    synchronized @Nullable Profile profile() {
        return profile;
    }

    void is(State now, @Nullable String why) {
        change(
                () -> {
                    state = now;
                    note = why;
                });
    }

    void learned(Profile told) {
        change(() -> profile = told);
    }

    /** The account works; what the service tells of it is the same change. */
    void works(Profile told) {
        change(
                () -> {
                    state = State.OK;
                    note = null;
                    profile = told;
                });
    }

    private void change(Runnable change) {
        Account after;
        synchronized (this) {
            var before = account();
            change.run();
            after = account();
            if (after.equals(before)) {
                return;
            }
        }
        announce.accept(after);
    }
}
