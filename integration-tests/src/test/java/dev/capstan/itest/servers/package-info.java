/** Capstan beside the web servers of this world, which the tests start and end themselves. */
package dev.capstan.itest.servers;
