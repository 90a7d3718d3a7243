package dev.capstan.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogService;

class LogBridgeTest {

    private static final Logger SINK = Logger.getLogger("acme");

    private final List<LogRecord> records = new ArrayList<>();
    private final LogService service = new LogBridge();
    private final Handler handler =
            new Handler() {
                @Override
                public void publish(LogRecord record) {
                    records.add(record);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @BeforeEach
    void listen() {
        SINK.setUseParentHandlers(false);
        SINK.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        SINK.removeHandler(handler);
    }

    private List<String> messages() {
        return records.stream()
                .map(record -> record.getLevel() + " " + record.getMessage())
                .toList();
    }

    @Test
    void warningsAndErrorsPassWithTheirValues() {
        var logger = service.getLogger("acme");
        logger.warn("plain");
        logger.warn("{} of {}", 1, 2);
        logger.error("{}, {} and {}", 1, 2, 3);
        logger.error("100 {}% {", "°");

        assertThat(messages())
                .containsExactly(
                        "WARNING plain", "WARNING 1 of 2", "SEVERE 1, 2 and 3", "SEVERE 100 °% {");
    }

    @Test
    void theLastValueMayBeWhatWasThrown() {
        var thrown = new IllegalStateException("why");
        service.getLogger("acme").error("{} failed", "it", thrown);

        assertThat(messages()).containsExactly("SEVERE it failed");
        assertThat(records.get(0).getThrown()).isSameAs(thrown);
        assertThat(records.get(0).getLevel()).isEqualTo(Level.SEVERE);
    }

    @Test
    void aFormatterLoggerFormats() {
        service.getLogger("acme", FormatterLogger.class).warn("%05d", 42);

        assertThat(messages()).containsExactly("WARNING 00042");
    }

    @Test
    void aConsumerIsAskedOnlyForWhatPasses() throws Exception {
        var logger = service.getLogger("acme");
        logger.debug(any -> records.add(null));
        logger.warn(any -> any.error("from within"));

        assertThat(messages()).containsExactly("SEVERE from within");
    }

    @Test
    void whatIsBelowAWarningIsDropped() {
        var logger = service.getLogger("acme");
        logger.info("one");
        logger.debug("two");
        logger.trace("three");
        logger.audit("four");

        assertThat(records).isEmpty();
        assertThat(logger.isInfoEnabled()).isFalse();
        assertThat(logger.isWarnEnabled()).isTrue();
    }
}
