/** Makes the self-contained jar from the features and their bundles. Runs in the build only. */
@NullMarked
package dev.capstan.packaging;

import org.jspecify.annotations.NullMarked;
