package dev.capstan.room.provider.protocol;

import dev.capstan.room.spi.RoomTransport.Handler;
import java.util.List;

/** Listens where a maker should, and answers whatever is said first. */
record FalseMaker(List<byte[]> heard, Answer answer) implements Handler {

    /** What it does with a hello. */
    interface Answer {
        void to(Envelope hello) throws Exception;
    }

    @Override
    public void received(byte[] frame) {
        heard.add(frame);
        try {
            answer.to(Envelope.of(frame));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void closed(String reason) {
        // It listens on.
    }
}
