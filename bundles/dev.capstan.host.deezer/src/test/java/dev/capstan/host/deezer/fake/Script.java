package dev.capstan.host.deezer.fake;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a test has told the fake to do, and what was asked of it. Safe for any thread. */
final class Script {
    private final List<Call> calls = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Hold> holds = new ArrayList<>();

    synchronized Fault fault(Endpoint endpoint, Answer answer) {
        var fault = new Fault(endpoint, answer);
        faults.add(0, fault);
        return fault;
    }

    synchronized Hold hold(Endpoint endpoint) {
        var hold = new Hold(endpoint);
        holds.add(hold);
        return hold;
    }

    /** Records a call, and keeps its thread for as long as it is held. */
    void arrive(Call call) throws InterruptedIOException {
        List<Hold> held;
        synchronized (this) {
            calls.add(call);
            notifyAll();
            held = List.copyOf(holds);
        }
        try {
            for (var hold : held) {
                hold.pass(call.endpoint());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The fake was interrupted");
        }
    }

    /** What is said to a call in place of the good answer, if anything. Counts as said. */
    synchronized @Nullable Answer answer(Call call) {
        for (var fault : faults) {
            var answer = fault.hit(call);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized boolean awaitCalls(Endpoint endpoint, int number, Duration most)
            throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (calls.stream().filter(call -> call.endpoint() == endpoint).count() < number) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Lets everything go on. */
    void release() {
        List<Hold> held;
        synchronized (this) {
            held = List.copyOf(holds);
        }
        held.forEach(Hold::release);
    }
}
