package dev.capstan.admin.rest.stream;

import dev.capstan.content.ContentReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entity tags that name the bytes of a reader: their digest once it is known, and the tag of
 * the source they came from. Whoever began to play by the one goes on by the other.
 *
 * @param all the best one first
 */
record Tags(List<String> all) {

    static Tags of(ContentReader reader) {
        var tags = new ArrayList<String>();
        reader.digest().ifPresent(digest -> tags.add('"' + digest.hex() + '"'));
        var source = reader.validator().etag();
        if (source != null) {
            tags.add(source);
        }
        return new Tags(List.copyOf(tags));
    }

    Optional<String> best() {
        return all.stream().findFirst();
    }
}
