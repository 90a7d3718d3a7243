/**
 * The life of bundles and features in a running host.
 *
 * <p>What is wanted lies on disk: the drop-in folder and {@link Installations}. What is there is in
 * the framework, whose cache is empty after every start of the host. {@link Reconciler} makes the
 * second like the first; whoever asks for a change gets it by {@link Change}, whole or not at all,
 * before it becomes wanted.
 */
@org.jspecify.annotations.NullMarked
package dev.capstan.feature.provider;
