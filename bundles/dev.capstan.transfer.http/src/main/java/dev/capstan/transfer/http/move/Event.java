package dev.capstan.transfer.http.move;

/** What a transfer's coordinator waits for. */
sealed interface Event
        permits Event.Woken, Ended, PieceCheck.Checked, Ahead.Made, Description.Read {

    /** Something is to be looked at. */
    record Woken() implements Event {}
}
