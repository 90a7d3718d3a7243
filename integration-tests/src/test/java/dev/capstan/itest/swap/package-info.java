/** Bundles that are swapped in the packaged program while downloads run. */
package dev.capstan.itest.swap;
