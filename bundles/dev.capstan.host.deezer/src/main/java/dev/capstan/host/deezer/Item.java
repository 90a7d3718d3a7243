package dev.capstan.host.deezer;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a link names: a track, an album or a playlist, in one of the forms of D1.
 *
 * @param id 1 to 19 digits
 * @param variant what the link itself asks for, or null where it leaves that to the host
 */
record Item(Kind kind, String id, @Nullable Variant variant) {
    private static final String HOME = "https://www.deezer.com/";
    private static final String KIND = "(track|album|playlist)";
    private static final String ID = "([1-9][0-9]{0,18})";

    private static final Pattern SHORTHAND = Pattern.compile(KIND + "_" + ID);
    private static final Pattern MEMBER = Pattern.compile("(track)_([1-9][0-9]{0,18})_" + ID);
    private static final Pattern NAME = Pattern.compile("deezer:" + KIND + ":" + ID);
    private static final Pattern PAGE =
            Pattern.compile(
                    "(?i:https?://(?:www\\.)?deezer\\.com\\.?)"
                            + "/(?:[A-Za-z]{2}(?:-[A-Za-z]{2})?/)?"
                            + KIND
                            + "/"
                            + ID
                            + "/?");

    /** The kinds of items. */
    enum Kind {
        TRACK,
        ALBUM,
        PLAYLIST;

        /** As links and the service's own addresses have it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What of a track is wanted. */
    enum Variant {
        PREVIEW,
        FULL
    }

    /** Reads any form; empty for all that is none. */
    static Optional<Item> of(String link) {
        var address = link.split("[?#]", 2)[0];
        for (var form : new Pattern[] {SHORTHAND, MEMBER, NAME, PAGE}) {
            var found = form.matcher(address);
            if (found.matches()) {
                return Optional.of(of(found, variant(link.substring(address.length()))));
            }
        }
        return Optional.empty();
    }

    /** The album as whose member a link names a track; empty where it names none. */
    static Optional<Item> albumOf(String link) {
        var found = MEMBER.matcher(link.split("[?#]", 2)[0]);
        return found.matches()
                ? Optional.of(new Item(Kind.ALBUM, found.group(2), null))
                : Optional.empty();
    }

    private static Item of(Matcher found, @Nullable Variant variant) {
        var kind = Kind.valueOf(found.group(1).toUpperCase(Locale.ROOT));
        return new Item(kind, found.group(found.groupCount()), variant);
    }

    private static @Nullable Variant variant(String afterAddress) {
        if (afterAddress.startsWith("?")) {
            var query = afterAddress.substring(1).split("#", 2)[0];
            for (var parameter : query.split("&")) {
                switch (parameter) {
                    case "variant=preview" -> {
                        return Variant.PREVIEW;
                    }
                    case "variant=full" -> {
                        return Variant.FULL;
                    }
                    default -> {}
                }
            }
        }
        return null;
    }

    /** A track that this list has as a member: asked for in the variant the list was. */
    Item member(String track) {
        return new Item(Kind.TRACK, track, variant);
    }

    /** The one form of it. */
    String link() {
        var address = HOME + kind.word() + "/" + id;
        return variant == null
                ? address
                : address + "?variant=" + variant.name().toLowerCase(Locale.ROOT);
    }

    /** In words. */
    @Override
    public String toString() {
        return kind.word() + " " + id;
    }
}
