package dev.capstan.admin.rest.events;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages that are kept for clients that are behind or come back: the last {@value #MOST}, and
 * fewer where they would take more than {@value #MOST_BYTES} bytes. Each has a place, a number that
 * rises by one; a client's queue is nothing but the place it has come to. Used by one thread.
 */
final class Ring {
    static final int MOST = 10_000;
    static final long MOST_BYTES = 16L << 20;

    private final @Nullable Message[] messages = new Message[MOST];

    /** Bytes of all messages before the one at the same index. */
    private final long[] offsets = new long[MOST];

    private long first;
    private long end;
    private long bytes;

    /** The revision of the last message that is not kept any more. */
    private long forgotten;

    /** Nothing up to a revision is kept. */
    void skipTo(long rev) {
        forgotten = rev;
    }

    void add(Message message) {
        if (end - first == MOST) {
            forget();
        }
        messages[index(end)] = message;
        offsets[index(end)] = bytes;
        bytes += message.size();
        end++;
        while (bytes - offsets[index(first)] > MOST_BYTES && end - first > 1) {
            forget();
        }
    }

    private void forget() {
        forgotten = get(first).rev();
        messages[index(first)] = null;
        first++;
    }

    /** The place of the oldest message that is kept. */
    long first() {
        return first;
    }

    /** The place after the newest message. */
    long end() {
        return end;
    }

    /** The message at a place that is kept. */
    Message get(long place) {
        var message = messages[index(place)];
        if (message == null || place < first || place >= end) {
            throw new IllegalArgumentException("Not kept: " + place);
        }
        return message;
    }

    /** Bytes of the messages from a place that is kept, or the end, on. */
    long bytesFrom(long place) {
        return place == end ? 0 : bytes - offsets[index(place)];
    }

    /** The place of the first message after a revision; empty where some of those are forgotten. */
    OptionalLong after(long rev) {
        if (rev < forgotten) {
            return OptionalLong.empty();
        }
        var low = first;
        var high = end;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (get(middle).rev() <= rev) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return OptionalLong.of(low);
    }

    private static int index(long place) {
        return (int) (place % MOST);
    }
}
