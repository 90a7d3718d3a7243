/**
 * What stands before the framework: reads the command line, owns the data folder, starts the
 * framework with the bundles a call needs, or hands the call to the host that already runs.
 *
 * <p>Class-path code. It knows the framework by its standard interface and nothing of the bundles
 * it starts; which verb starts which bundles is data ({@link dev.capstan.launcher.Distribution}).
 */
@NullMarked
package dev.capstan.launcher;

import org.jspecify.annotations.NullMarked;
