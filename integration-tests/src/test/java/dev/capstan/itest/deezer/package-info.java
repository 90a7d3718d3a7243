/** Deezer's public part as an operator meets it: a packaged host against a stand-in service. */
package dev.capstan.itest.deezer;
