/**
 * The orchestrator: the one owner of the state of downloads.
 *
 * <p>The way of a link: {@link dev.capstan.download.provider.Intake} makes a row of it, {@link
 * dev.capstan.download.provider.Ledger} writes and announces it, {@link
 * dev.capstan.download.provider.Workers} claims it, and a {@link dev.capstan.download.provider.Run}
 * takes it to its file.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.download.provider;
