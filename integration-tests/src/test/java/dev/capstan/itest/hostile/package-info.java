/** Every hostile origin against the real engine and the real store. */
package dev.capstan.itest.hostile;
