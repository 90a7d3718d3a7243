package dev.capstan.launcher;

/** Why a call ends before its work begins: sentences for the terminal, and the exit code. */
final class LaunchException extends Exception {

    /** What cannot be told better. */
    static final int FAILED = 1;

    /** Work is left that the same command continues. */
    static final int UNFINISHED = 7;

    /** A folder cannot be made. */
    static final int NO_FOLDER = 18;

    /** The command line or a configuration value is wrong. */
    static final int USAGE = 28;

    private static final long serialVersionUID = 1;

    private final int exit;
    private final String sentences;

    private LaunchException(int exit, String sentences) {
        super(sentences);
        this.exit = exit;
        this.sentences = sentences;
    }

    static LaunchException failed(String sentences) {
        return new LaunchException(FAILED, sentences);
    }

    static LaunchException noFolder(String sentences) {
        return new LaunchException(NO_FOLDER, sentences);
    }

    static LaunchException usage(String sentences) {
        return new LaunchException(USAGE, sentences);
    }

    /** One sentence a line. */
    String sentences() {
        return sentences;
    }

    int exit() {
        return exit;
    }
}
