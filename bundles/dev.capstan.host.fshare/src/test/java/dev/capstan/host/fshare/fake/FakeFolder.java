package dev.capstan.host.fshare.fake;

import java.util.ArrayList;
import java.util.List;

/**
 * A shared folder. It is listed in the order things were added; adding one twice lists it twice,
 * adding a folder to what it holds makes a cycle. Safe for any thread.
 */
public final class FakeFolder implements Item {
    private final String code;
    private final List<Item> items = new ArrayList<>();
    private String name;
    private boolean gone;

    FakeFolder(String code) {
        this.code = code;
        name = "Folder " + code;
    }

    /**
     * Names it.
     *
     * @param value the name, of any characters
     * @return this
     */
    public synchronized FakeFolder named(String value) {
        name = value;
        return this;
    }

    /**
     * Puts things at its end.
     *
     * @param more files and folders
     * @return this
     */
    public synchronized FakeFolder add(Item... more) {
        items.addAll(List.of(more));
        return this;
    }

    /**
     * Makes every endpoint answer 404 for it.
     *
     * @return this
     */
    public synchronized FakeFolder gone() {
        gone = true;
        return this;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public synchronized String name() {
        return name;
    }

    @Override
    public long listedSize() {
        return 0;
    }

    synchronized boolean isGone() {
        return gone;
    }

    /** How many entries it has. */
    synchronized int size() {
        return items.size();
    }

    /** A part of it, shorter or empty past the end. */
    synchronized List<Item> page(int index, int size) {
        var from = (int) Math.min((long) index * size, items.size());
        return List.copyOf(items.subList(from, Math.min(from + size, items.size())));
    }
}
