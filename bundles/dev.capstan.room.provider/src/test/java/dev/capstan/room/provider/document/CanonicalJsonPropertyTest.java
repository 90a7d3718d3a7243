package dev.capstan.room.provider.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.room.RoomException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** R1: what holds of the canonical form of every object. */
class CanonicalJsonPropertyTest {

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void isReadBackAsItWasInWhateverOrderItWasWritten(@ForAll("objects") Map<String, Object> object)
            throws RoomException {
        var text = CanonicalJson.of(object);
        var names = new ArrayList<>(object.keySet());
        Collections.reverse(names);
        var reversed = new LinkedHashMap<String, Object>();
        names.forEach(name -> reversed.put(name, object.get(name)));

        assertThat(StrictJson.object(text, 1_000_000)).isEqualTo(object);
        assertThat(CanonicalJson.of(StrictJson.object(text, 1_000_000))).isEqualTo(text);
        assertThat(CanonicalJson.of(reversed)).isEqualTo(text);
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        var strings =
                Arbitraries.strings()
                        .ofMaxLength(8)
                        .filter(
                                text ->
                                        text.chars()
                                                .noneMatch(c -> Character.isSurrogate((char) c)));
        var leaves =
                Arbitraries.oneOf(
                        strings.asGeneric(),
                        Arbitraries.longs()
                                .between(-CanonicalJson.MAX_INTEGER, CanonicalJson.MAX_INTEGER)
                                .asGeneric(),
                        Arbitraries.of(true, false).asGeneric());
        var values =
                Arbitraries.oneOf(
                        leaves,
                        leaves.list().ofMaxSize(4).asGeneric(),
                        Arbitraries.maps(strings, leaves).ofMaxSize(4).asGeneric());
        return Arbitraries.maps(strings, values).ofMaxSize(6);
    }
}
