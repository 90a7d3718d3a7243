package dev.capstan.host.spi;

import dev.capstan.content.SourceKey;
import dev.capstan.download.Trust;
import dev.capstan.net.spi.OutboundHttp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** What one call of {@link HostResolver#resolve} may know and use. Valid during that call only. */
@ProviderType
public interface ResolveContext {

    /** Why it is asked. */
    enum Purpose {
        /** Somebody looks at links before adding them. */
        PREVIEW,
        /** A listing is being turned into downloads. */
        EXPAND,
        /** A transfer begins now and needs direct links. */
        START
    }

    /**
     * Why it is asked.
     *
     * @return the purpose
     */
    Purpose purpose();

    /**
     * When the caller interrupts.
     *
     * @return the time, on the host's clock
     */
    Instant deadline();

    /**
     * Makes the client for the host's own requests.
     *
     * @param policy what it may do
     * @return a client whose calls end with this call's deadline
     */
    OutboundHttp.Client http(OutboundHttp.Policy policy);

    /**
     * Who gave the link.
     *
     * @return the trust
     */
    Trust trust();

    /**
     * The password of a protected link.
     *
     * @return empty if none was given
     */
    Optional<String> linkPassword();

    /**
     * Headers the user gave for the link; they stay on its origin.
     *
     * @return an immutable map
     */
    Map<String, String> headers();

    /**
     * The source key of an earlier resolve; what it settled (variant, format) is to be kept.
     *
     * @return empty at the first resolve
     */
    Optional<SourceKey> knownKey();

    /**
     * The size learned earlier.
     *
     * @return empty if it is not known
     */
    OptionalLong knownSize();
}
