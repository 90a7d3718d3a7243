package dev.capstan.launcher;

/** A configuration value that cannot be, told in one sentence. */
final class MistakeException extends Exception {

    private static final long serialVersionUID = 1;

    MistakeException(String sentence) {
        super(sentence);
    }
}
