package dev.capstan.room.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BeaconTest {

    @Property(tries = 500)
    void anyBytesAreABeaconOrNone(@ForAll @Size(max = 50) byte[] bytes) {
        assertThat(Beacon.of(ByteBuffer.wrap(bytes))).isEmpty();
    }

    @Property(tries = 100)
    void aBeaconIsWhatWasSaid(@ForAll String address) {
        var digest = Beacon.digest(address);
        var read = Beacon.of(new Beacon(digest, 65_535).datagram()).orElseThrow();

        assertThat(read.isOf(digest)).isTrue();
        assertThat(read.isOf(Beacon.digest(address + "."))).isFalse();
        assertThat(read.port()).isEqualTo(65_535);
    }

    @Property(tries = 200)
    void aByteThatIsWrongInFrontMakesItNone(
            @ForAll @IntRange(max = 4) int position, @ForAll byte value) {
        var datagram = new Beacon(Beacon.digest("lan://ann"), 1).datagram();
        var before = datagram.get(position);

        assertThat(Beacon.of(datagram.put(position, value)).isPresent()).isEqualTo(value == before);
    }
}
