package dev.capstan.tck.script;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a test has told a fake to do, and what was asked of it. Safe for any thread.
 *
 * @param <C> a call
 * @param <A> an answer
 */
public final class Script<C, A> {
    private final List<C> calls = new ArrayList<>();
    private final List<Fault<C, A>> faults = new ArrayList<>();
    private final List<Hold<C>> holds = new ArrayList<>();

    /** Makes a script by which all goes well. */
    public Script() {}

    /**
     * Answers calls otherwise.
     *
     * @param which the calls
     * @param answer what they get
     * @return to be narrowed or lifted
     */
    public synchronized Fault<C, A> fault(Predicate<C> which, A answer) {
        var fault = new Fault<C, A>(which, answer);
        faults.add(0, fault);
        return fault;
    }

    /**
     * Keeps calls waiting.
     *
     * @param which the calls
     * @return to be released
     */
    public synchronized Hold<C> hold(Predicate<C> which) {
        var hold = new Hold<C>(which);
        holds.add(hold);
        return hold;
    }

    /**
     * Records a call, and keeps its thread for as long as it is held.
     *
     * @param call what was asked
     * @throws InterruptedIOException if the thread was interrupted
     */
    public void arrive(C call) throws InterruptedIOException {
        List<Hold<C>> held;
        synchronized (this) {
            calls.add(call);
            notifyAll();
            held = List.copyOf(holds);
        }
        try {
            for (var hold : held) {
                hold.pass(call);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The fake was interrupted");
        }
    }

    /**
     * What is said to a call in place of the good answer. Counts as said.
     *
     * @param call what was asked
     * @return empty where all goes well
     */
    public synchronized Optional<A> answer(C call) {
        for (var fault : faults) {
            var answer = fault.hit(call);
            if (answer != null) {
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }

    /**
     * What was asked so far.
     *
     * @return a copy, in order
     */
    public synchronized List<C> calls() {
        return List.copyOf(calls);
    }

    /**
     * Waits for calls.
     *
     * @param which the calls
     * @param number how many of them
     * @param most how long
     * @return whether they came
     * @throws InterruptedException if the thread was interrupted
     */
    public synchronized boolean awaitCalls(Predicate<C> which, int number, Duration most)
            throws InterruptedException {
        var end = System.nanoTime() + most.toNanos();
        while (calls.stream().filter(which).count() < number) {
            var left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** Lets everything go on. */
    public void release() {
        List<Hold<C>> held;
        synchronized (this) {
            held = List.copyOf(holds);
        }
        held.forEach(Hold::release);
    }
}
